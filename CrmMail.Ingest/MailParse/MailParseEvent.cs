using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.MailParse;

/// <summary>The one event there is: a mail came to an inbox.</summary>
internal static class MailParseEvent
{
    public const string Mail = "mail";

    /// <summary>A mail in this inbox.</summary>
    public static WebhookEnvelope In(MailParseInbox inbox) => new(inbox.Account, Mail);
}
