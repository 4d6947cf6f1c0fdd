namespace EmailEngineSimulator.Control;

/// <summary>How the switches stand.</summary>
internal sealed record SwitchState(bool ReceiverDown, bool RewriteMessageIds, SentCopyAnnouncement SentCopy, ApiBehaviour Api)
{
    public static SwitchState Of(Switches switches) => new(switches.ReceiverDown, switches.RewriteMessageIds, switches.SentCopy, switches.Api);
}

/// <summary>What is left out stays as it is.</summary>
internal sealed record SwitchChange(bool? ReceiverDown = null, bool? RewriteMessageIds = null, SentCopyAnnouncement? SentCopy = null, ApiBehaviour? Api = null)
{
    public SwitchState Apply(Switches switches)
    {
        switches.ReceiverDown = ReceiverDown ?? switches.ReceiverDown;
        switches.RewriteMessageIds = RewriteMessageIds ?? switches.RewriteMessageIds;
        switches.SentCopy = SentCopy ?? switches.SentCopy;
        switches.Api = Api ?? switches.Api;
        return SwitchState.Of(switches);
    }
}
