using EmailEngineSimulator.Accounts;

namespace EmailEngineSimulator.Control;

/// <summary>What is left out stays as it is.</summary>
internal sealed record SwitchChange(bool? ReceiverDown, SentCopyAnnouncement? SentCopy)
{
    public void Apply(Switches switches)
    {
        switches.ReceiverDown = ReceiverDown ?? switches.ReceiverDown;
        switches.SentCopy = SentCopy ?? switches.SentCopy;
    }
}

/// <param name="Behaviour">healthy, refusesPassword or unreachable.</param>
internal sealed record ServerChange(ServerBehaviour Behaviour);
