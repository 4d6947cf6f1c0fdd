namespace EmailEngineSimulator.Control;

/// <summary>How the switches stand.</summary>
internal sealed record SwitchState(bool ReceiverDown, bool RewriteMessageIds, SentCopyAnnouncement SentCopy)
{
    public static SwitchState Of(Switches switches) => new(switches.ReceiverDown, switches.RewriteMessageIds, switches.SentCopy);
}

/// <summary>What is left out stays as it is.</summary>
internal sealed record SwitchChange(bool? ReceiverDown = null, bool? RewriteMessageIds = null, SentCopyAnnouncement? SentCopy = null)
{
    public SwitchState Apply(Switches switches)
    {
        switches.ReceiverDown = ReceiverDown ?? switches.ReceiverDown;
        switches.RewriteMessageIds = RewriteMessageIds ?? switches.RewriteMessageIds;
        switches.SentCopy = SentCopy ?? switches.SentCopy;
        return SwitchState.Of(switches);
    }
}
