using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Control;

/// <summary>A mail that the control API lets arrive; everything may be left out.</summary>
internal sealed record ArrivingMail
{
    public string? Folder { get; init; }

    public Participant? From { get; init; }

    public IReadOnlyList<Participant>? ReplyTo { get; init; }

    /// <summary>The mailbox itself if not given.</summary>
    public IReadOnlyList<Participant>? To { get; init; }

    public IReadOnlyList<Participant>? Cc { get; init; }

    public IReadOnlyList<Participant>? Bcc { get; init; }

    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    /// <summary>Made up if not given; the empty text makes a mail without one.</summary>
    public string? MessageId { get; init; }

    public string? InReplyTo { get; init; }

    public string? References { get; init; }

    public DateTimeOffset? Date { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public IReadOnlyList<ArrivingAttachment>? Attachments { get; init; }

    public string? EmailId { get; init; }

    public string? ThreadId { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public ProviderIds Provider => new(EmailId, ThreadId, Labels);

    public Mail ToMail(Account account, DateTimeOffset now)
    {
        var from = Normal(From) ?? new Participant("Bob Buyer", "bob@example.org");
        var domain = from.Address[(from.Address.LastIndexOf('@') + 1)..];
        return new Mail
        {
            MessageId = MessageId switch { null => $"<{Guid.NewGuid()}@{domain}>", "" => null, var id => id },
            Date = Date ?? DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            From = from,
            ReplyTo = ReplyTo is null ? null : Normal(ReplyTo),
            To = To is null ? [new Participant(account.Name, account.Email)] : Normal(To),
            Cc = Normal(Cc),
            Bcc = Normal(Bcc),
            Subject = Subject ?? "Hello",
            InReplyTo = InReplyTo,
            References = References,
            OtherHeaders = [.. (Headers ?? new Dictionary<string, string>()).Select(header => new MailHeader(header.Key, header.Value))],
            Text = Text ?? (Html is null ? "Hello\n" : null),
            Html = Html,
            Attachments = [.. (Attachments ?? []).Select(attachment => attachment.ToAttachment())],
        };
    }

    private static Participant? Normal(Participant? given) => given is null ? null : new Participant(given.Name ?? "", given.Address ?? "");

    private static IReadOnlyList<Participant> Normal(IReadOnlyList<Participant>? given) => [.. (given ?? []).Select(one => Normal(one)!)];
}

/// <param name="Filename">As in the mail.</param>
/// <param name="ContentType">application/octet-stream if not given.</param>
/// <param name="Content">base64.</param>
/// <param name="Inline">Shown within the text.</param>
/// <param name="ContentId">With angle brackets, for an inline image.</param>
internal sealed record ArrivingAttachment(string? Filename, string? ContentType, string? Content, bool Inline = false, string? ContentId = null)
{
    public Attachment ToAttachment() =>
        new(ContentType ?? "application/octet-stream", Convert.FromBase64String(Content ?? ""), Filename, Inline, ContentId);
}
