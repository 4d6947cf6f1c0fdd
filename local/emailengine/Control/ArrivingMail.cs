using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Control;

/// <summary>A mail that the control API lets arrive; everything may be left out.</summary>
internal sealed record ArrivingMail
{
    public string? Folder { get; init; }

    public ArrivingParticipant? From { get; init; }

    public IReadOnlyList<ArrivingParticipant>? ReplyTo { get; init; }

    /// <summary>The mailbox itself if not given.</summary>
    public IReadOnlyList<ArrivingParticipant>? To { get; init; }

    public IReadOnlyList<ArrivingParticipant>? Cc { get; init; }

    public IReadOnlyList<ArrivingParticipant>? Bcc { get; init; }

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
        var from = From?.ToParticipant() ?? new Participant("Bob Buyer", "bob@example.org");
        var domain = from.Address[(from.Address.LastIndexOf('@') + 1)..];
        return new Mail
        {
            MessageId = MessageId switch { null => $"<{Guid.NewGuid()}@{domain}>", "" => null, var id => id },
            Date = Date ?? DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
            From = from,
            ReplyTo = ReplyTo is null ? null : Participants(ReplyTo),
            To = To is null ? [new Participant(account.Name, account.Email)] : Participants(To),
            Cc = Participants(Cc),
            Bcc = Participants(Bcc),
            Subject = Subject ?? "Hello",
            InReplyTo = InReplyTo,
            References = References,
            OtherHeaders = [.. (Headers ?? new Dictionary<string, string>()).Select(header => new MailHeader(header.Key, header.Value))],
            Text = Text ?? (Html is null ? "Hello\n" : null),
            Html = Html,
            Attachments = [.. (Attachments ?? []).Select(attachment => attachment.ToAttachment())],
        };
    }

    private static IReadOnlyList<Participant> Participants(IReadOnlyList<ArrivingParticipant>? given) => [.. (given ?? []).Select(one => one.ToParticipant())];
}

internal sealed record ArrivingParticipant(string Address, string? Name = null)
{
    public Participant ToParticipant() => new(Name ?? "", Address);
}

/// <param name="Filename">As in the mail.</param>
/// <param name="ContentType">application/octet-stream if not given.</param>
/// <param name="Content">base64.</param>
/// <param name="Inline">Shown within the text.</param>
/// <param name="ContentId">With angle brackets, for an inline image.</param>
internal sealed record ArrivingAttachment(string? Filename = null, string? ContentType = null, byte[]? Content = null, bool Inline = false, string? ContentId = null)
{
    public Attachment ToAttachment() =>
        new(ContentType ?? "application/octet-stream", Content ?? [], Filename, Inline, ContentId);
}
