using System.Text.Json;

namespace CrmMail.SystemTests.Story;

/// <summary>A mail as its author wrote it, and as EmailEngine and MailParse tell of it.</summary>
/// <param name="Name">The Message-ID before its <c>@</c>.</param>
/// <param name="WrittenAt">The day of June 2026 and the time.</param>
/// <param name="From">The author.</param>
internal sealed record StoryMail(string Name, string WrittenAt, string From)
{
    private const string Domain = "mail.example";

    public required string[] To { get; init; }

    public string[] Cc { get; init; } = [];

    /// <summary>Mails of the conversation before this one, the answered one last.</summary>
    public string[] After { get; init; } = [];

    public string Subject { get; init; } = "";

    public string Text { get; init; } = "Words";

    /// <summary>Headers beside those that every mail has.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    private string SubjectOrName => Subject.Length > 0 ? Subject : Name;

    private string MessageId => IdOf(Name);

    private string Date => $"2026-06-{WrittenAt.Replace(" ", "T", StringComparison.Ordinal)}:00.000Z";

    private string? InReplyTo => After.Length > 0 ? IdOf(After[^1]) : null;

    private string References => string.Join(' ', After.Select(IdOf));

    /// <summary>What tells the simulator of EmailEngine that the mail is in a folder of a mailbox now.</summary>
    public object InMailbox(string folder) => new
    {
        folder,
        messageId = MessageId,
        date = Date,
        from = Mailbox(From),
        to = To.Select(Mailbox),
        cc = Cc.Select(Mailbox),
        subject = SubjectOrName,
        text = Text,
        inReplyTo = InReplyTo,
        references = After.Length > 0 ? References : null,
        headers = Headers,
    };

    /// <summary>The webhook of EmailEngine about the mail in a folder of a mailbox.</summary>
    public string Webhook(string account, string folder, string noticedAt) => JsonSerializer.Serialize(new
    {
        account,
        date = noticedAt,
        @event = "messageNew",
        data = new
        {
            id = $"{folder}-{Name}",
            path = folder,
            messageSpecialUse = $"\\{folder}",
            messageId = MessageId,
            date = Date,
            from = Mailbox(From),
            to = To.Select(Mailbox),
            cc = Cc.Select(Mailbox),
            subject = SubjectOrName,
            text = new { plain = Text },
            inReplyTo = InReplyTo,
            headers = Headers.Append(KeyValuePair.Create("references", References)).ToDictionary(header => header.Key, header => new[] { header.Value }),
        },
    });

    /// <summary>The mail as MailParse tells of it.</summary>
    public object AtTeamAddress() => new
    {
        message_id = MessageId,
        thread = new { in_reply_to = InReplyTo, references = After.Select(IdOf) },
        envelope = new { from = Person(From), to = To.Select(Person), cc = Cc.Select(Person), reply_to = Array.Empty<object>() },
        subject = SubjectOrName,
        text = Text,
        html = (string?)null,
        attachments = Array.Empty<object>(),
        spam = new { score = 0.1, flag = false },
        auth = new { spf = "pass", dkim = "pass" },
        received_at = Date,
    };

    /// <inheritdoc cref="AtTeamAddress"/>
    public string AtTeamAddressAsText() => JsonSerializer.Serialize(AtTeamAddress());

    /// <summary>The Message-ID of the mail of this name.</summary>
    public static string IdOf(string name) => $"<{name}@{Domain}>";

    private static object Mailbox(string address) => new { name = "", address };

    private static object Person(string email) => new { name = "", email };
}
