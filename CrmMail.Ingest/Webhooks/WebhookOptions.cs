namespace CrmMail.Ingest.Webhooks;

/// <summary>Who signs webhooks: the section <c>Webhooks</c>. Changes are taken up while the service runs.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>The secrets of <c>/webhooks/emailengine</c>: EmailEngine's setting <c>serviceSecret</c>. Any of them is good, so that one can follow another.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>Further EmailEngine instances by name; each sends to <c>/webhooks/emailengine/NAME</c>.</summary>
    public IDictionary<string, WebhookInstanceOptions> Instances { get; } = new Dictionary<string, WebhookInstanceOptions>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>One EmailEngine instance with secrets of its own.</summary>
internal sealed class WebhookInstanceOptions
{
    public IList<string> Secrets { get; } = [];
}
