namespace EmailEngineSimulator.Messages;

/// <summary>A name and an address, as in From and To; the name may be empty.</summary>
internal sealed record Participant(string Name, string Address);

/// <summary>A header line that has no field of its own, as <c>list-id</c>.</summary>
internal sealed record MailHeader(string Name, string Value);

internal sealed record Attachment(string ContentType, byte[] Content, string? Filename, bool Inline = false, string? ContentId = null);

/// <summary>What a mail says, wherever copies of it lie.</summary>
internal sealed record Mail
{
    /// <summary>With angle brackets; null for a mail without one.</summary>
    public required string? MessageId { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required Participant From { get; init; }

    public IReadOnlyList<Participant>? ReplyTo { get; init; }

    public IReadOnlyList<Participant> To { get; init; } = [];

    public IReadOnlyList<Participant> Cc { get; init; } = [];

    /// <summary>Only the sender's own copy has them.</summary>
    public IReadOnlyList<Participant> Bcc { get; init; } = [];

    public string? Subject { get; init; }

    public string? InReplyTo { get; init; }

    public string? References { get; init; }

    public IReadOnlyList<MailHeader> OtherHeaders { get; init; } = [];

    public string? Text { get; init; }

    public string? Html { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>What a delivery report says, for a mail that is one.</summary>
    public BounceReport? Bounce { get; init; }

    /// <summary>Every header in the order of the mail, names as they are written in it.</summary>
    public IEnumerable<MailHeader> Headers()
    {
        yield return new("From", Format([From]));
        foreach (var (name, list) in new[] { ("Reply-To", ReplyTo ?? []), ("To", To), ("Cc", Cc), ("Bcc", Bcc) })
        {
            if (list.Count > 0)
            {
                yield return new(name, Format(list));
            }
        }

        foreach (var (name, value) in new[] { ("Subject", Subject), ("Message-ID", MessageId), ("In-Reply-To", InReplyTo), ("References", References) })
        {
            if (value is not null)
            {
                yield return new(name, value);
            }
        }

        yield return new("Date", Date.UtcDateTime.ToString("R"));
        foreach (var header in OtherHeaders)
        {
            yield return header;
        }
    }

    private static string Format(IReadOnlyList<Participant> participants) =>
        string.Join(", ", participants.Select(one => one.Name.Length == 0 ? one.Address : $"\"{one.Name}\" <{one.Address}>"));
}

/// <summary>A delivery report (RFC 3464) about a mail that was sent.</summary>
/// <param name="Recipient">Who could not be reached.</param>
/// <param name="Status">Enhanced status code, as 5.1.1.</param>
/// <param name="Response">The answer of the other server.</param>
/// <param name="Mta">The other server.</param>
/// <param name="MessageId">Of the mail that was sent.</param>
/// <param name="Returned">The headers of the mail that was sent.</param>
/// <param name="ReturnedSource">The mail that was sent, with line feeds.</param>
internal sealed record BounceReport(
    string Recipient,
    string Status,
    string Response,
    string Mta,
    string? MessageId,
    IReadOnlyList<MailHeader> Returned,
    string ReturnedSource);
