namespace CrmMail.SystemTests.Replay;

/// <summary>Events of all kinds, of two mailboxes that have mails in common.</summary>
internal static class Mails
{
    /// <summary>What a replay of them says when everything is right.</summary>
    public const string Unchanged = "completed, 6 unchanged, 11 skipped";

    /// <summary>The contacts Ann and Ben, and events that make 6 activities; 11 others make none, or only tell more of a mail.</summary>
    public static async Task ProduceAllKindsAsync(ReplayStand stand)
    {
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.AddContactAsync("Ben", "ben@customer.example");
        foreach (var account in new[] { "a", "b" })
        {
            await stand.ProduceAsync(account, "authenticationSuccess", $"\"user\":\"{account}@corp.example\"", "2026-06-01T08:00:00.000Z");
        }

        // In both accounts, and moved in one; the copy in the archive is seen later.
        await stand.ProduceMailAsync("a", "shared", "ann@customer.example");
        await stand.ProduceMailAsync("b", "shared", "ann@customer.example", date: "2026-06-01T12:00:03.000Z");
        await stand.ProduceMailAsync("a", "shared", "ann@customer.example", folder: "Archive", date: "2026-06-01T13:00:00.000Z");

        // Sent: by messageSent first, and completed by the copy; and one that came back.
        await stand.ProduceAsync("a", "messageSent", Sent(stand, "sent", "ann@customer.example", "ben@customer.example"), "2026-06-01T14:00:00.000Z");
        await stand.ProduceMailAsync("a", "sent", "a@corp.example", "ann@customer.example", "Sent", date: "2026-06-01T14:00:05.000Z");
        await stand.ProduceAsync("a", "messageBounce", $$""" "bounceMessage":"x","recipient":"ben@customer.example","action":"failed","response":{"source":"smtp","message":"550 no"},"messageId":"<sent@{{stand.Name}}>" """, "2026-06-01T14:05:00.000Z");
        await stand.ProduceAsync("b", "messageSent", Sent(stand, "bare", "ann@customer.example"), "2026-06-01T15:00:00.000Z");

        // Not on any timeline.
        await stand.ProduceMailAsync("a", "stranger", "nobody@x.example");
        await stand.ProduceMailAsync("a", "late", "late@customer.example");
        await stand.ProduceMailAsync("a", "late", "late@customer.example", folder: "Archive", date: "2026-06-02T12:00:00.000Z");
        await stand.ProduceMailAsync("b", "junk", "ann@customer.example", folder: "Junk");
        await stand.ProduceMailAsync("b", "draft", "b@corp.example", "ann@customer.example", folder: "Drafts");

        // To both contacts, of which one is only copied; and an answer to another contact's mail.
        await stand.ProduceMailAsync("b", "both", "b@corp.example", "ann@customer.example", "Sent", extra: ""","cc":[{"name":"","address":"ben@customer.example"}]""");
        await stand.ProduceMailAsync("b", "plain", "ben@customer.example", extra: $$""","text":{"plain":"Words"},"inReplyTo":"<shared@{{stand.Name}}>" """);
        await stand.ProduceMailAsync("b", "plain", "ben@customer.example", folder: "Trash", date: "2026-06-03T12:00:00.000Z", extra: ""","text":{"plain":"Words"}""");
    }

    private static string Sent(ReplayStand stand, string messageId, params string[] recipients) => $$"""
        "messageId":"<{{messageId}}@{{stand.Name}}>","queueId":"{{messageId}}","response":"250 ok","envelope":{"from":"a@corp.example","to":[{{string.Join(',', recipients.Select(address => $"\"{address}\""))}}]}
        """;
}
