namespace CrmMail.Ingest.Webhooks;

/// <summary>Who signs webhooks: the section <c>Webhooks</c>. Changes are taken up while the service runs.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>The secrets of <c>/webhooks/emailengine</c>: EmailEngine's setting <c>serviceSecret</c>. Any of them is good, so that one can follow another.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>Further EmailEngine instances by name; each sends to <c>/webhooks/emailengine/NAME</c>.</summary>
    public IDictionary<string, WebhookInstanceOptions> Instances { get; } = new Dictionary<string, WebhookInstanceOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who signs the webhooks of MailParse.</summary>
    public MailParseWebhookOptions MailParse { get; } = new();
}

/// <summary>One EmailEngine instance with secrets of its own.</summary>
internal sealed class WebhookInstanceOptions
{
    public IList<string> Secrets { get; } = [];
}

/// <summary>The webhooks of MailParse: <c>/webhooks/mailparse/INBOX</c>.</summary>
internal sealed class MailParseWebhookOptions
{
    /// <summary>The shared secrets. Any of them is good, so that one can follow another; with none, the default, every webhook is refused.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>How far the time of a signature may be from now, either way. Default 5 minutes. Read once, at the start.</summary>
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The networks that may send webhooks of MailParse, as addresses or in CIDR notation; empty, the default, is everybody. Read once,
    /// at the start.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];
}
