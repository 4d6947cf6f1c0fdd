namespace EmailEngineSimulator.Control;

/// <summary>How often the copy in the Sent folder is announced by a messageNew.</summary>
internal enum SentCopyAnnouncement
{
    Never,
    Once,
    Twice,
}

/// <summary>How the API answers.</summary>
internal enum ApiBehaviour
{
    Works,

    /// <summary>429 to everything.</summary>
    RateLimited,

    /// <summary>503 to everything that the connection of an account has to do, as while EmailEngine starts its workers.</summary>
    WithoutWorkers,
}

/// <summary>What the control page can turn.</summary>
internal sealed class Switches
{
    private volatile bool _receiverDown;
    private volatile bool _rewriteMessageIds;
    private volatile SentCopyAnnouncement _sentCopy = SentCopyAnnouncement.Once;
    private volatile ApiBehaviour _api;

    /// <summary>Nothing is sent; every attempt counts as refused.</summary>
    public bool ReceiverDown
    {
        get => _receiverDown;
        set => _receiverDown = value;
    }

    /// <summary>The SMTP server replaces the Message-ID by its own, as Outlook and Amazon SES do.</summary>
    public bool RewriteMessageIds
    {
        get => _rewriteMessageIds;
        set => _rewriteMessageIds = value;
    }

    public SentCopyAnnouncement SentCopy
    {
        get => _sentCopy;
        set => _sentCopy = value;
    }

    public ApiBehaviour Api
    {
        get => _api;
        set => _api = value;
    }
}
