namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>Where mails of MailParse are fetched beside its webhooks: the section <c>MailParse:Polling</c>. Read once, at the start.</summary>
internal sealed class PollingOptions
{
    public const string Section = "MailParse:Polling";

    /// <summary>What the address of the listing begins with, as <c>https://api.mailparse.example/v1</c>. Without it, the default, nothing is fetched.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>The bearer token of the listing.</summary>
    public string Token { get; set; } = "";

    /// <summary>The inboxes to read.</summary>
    public IList<string> Inboxes { get; } = [];

    /// <summary>Mails that are asked for at once. Default 100; fewer after a failure.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>How long after the end of the listing it is read again. Default 1 minute, of all replicas together.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}
