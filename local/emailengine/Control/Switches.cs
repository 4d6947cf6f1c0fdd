namespace EmailEngineSimulator.Control;

/// <summary>How often the copy in the Sent folder is announced by a messageNew.</summary>
internal enum SentCopyAnnouncement
{
    Never,
    Once,
    Twice,
}

/// <summary>What the control page can turn.</summary>
internal sealed class Switches
{
    private volatile bool _receiverDown;
    private volatile SentCopyAnnouncement _sentCopy = SentCopyAnnouncement.Once;

    /// <summary>Nothing is sent; every attempt counts as refused.</summary>
    public bool ReceiverDown
    {
        get => _receiverDown;
        set => _receiverDown = value;
    }

    public SentCopyAnnouncement SentCopy
    {
        get => _sentCopy;
        set => _sentCopy = value;
    }
}
