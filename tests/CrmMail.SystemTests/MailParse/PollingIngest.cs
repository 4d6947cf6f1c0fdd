namespace CrmMail.SystemTests.MailParse;

/// <summary>One more Ingest beside that of the AppHost, which reads an inbox with its cursors in a database of the test's choice.</summary>
internal static class PollingIngest
{
    public static Task<ServiceProcess> StartAsync(RunningApplication system, MailParseClient mailParse, string database, string inbox) =>
        ServiceProcess.StartAsync(
            system,
            "CrmMail.Ingest",
            ["kafka"],
            ("ConnectionStrings__crm", database),
            ("Webhooks__Secrets__0", system.WebhookSecret),
            ("MailParse__Polling__BaseUrl", mailParse.ListingUrl.AbsoluteUri),
            ("MailParse__Polling__Token", system.MailParseToken),
            ("MailParse__Polling__Inboxes__0", inbox),
            ("MailParse__Polling__PageSize", "3"),
            ("MailParse__Polling__Interval", "00:00:01"));
}
