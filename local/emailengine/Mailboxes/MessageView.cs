using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>A message as EmailEngine tells of it; members in the order of its webhooks, what does not apply is absent.</summary>
internal sealed record MessageView
{
    public required string Id { get; init; }

    public required uint Uid { get; init; }

    public required string Path { get; init; }

    public string? EmailId { get; init; }

    public string? ThreadId { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required IReadOnlyList<string> Flags { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public bool? Unseen { get; init; }

    public bool? Flagged { get; init; }

    public bool? Answered { get; init; }

    public bool? Draft { get; init; }

    public required int Size { get; init; }

    public string? Subject { get; init; }

    public required Participant From { get; init; }

    public IReadOnlyList<Participant>? ReplyTo { get; init; }

    public Participant? Sender { get; init; }

    public IReadOnlyList<Participant>? To { get; init; }

    public IReadOnlyList<Participant>? Cc { get; init; }

    public IReadOnlyList<Participant>? Bcc { get; init; }

    public IReadOnlyList<AttachmentView>? Attachments { get; init; }

    public string? MessageId { get; init; }

    public string? InReplyTo { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Headers { get; init; }

    public required TextView Text { get; init; }

    public bool? IsAutoReply { get; init; }

    public string? SpecialUse { get; init; }

    public string? MessageSpecialUse { get; init; }

    /// <summary>Delivery reports about the message; only in listings and when it is read.</summary>
    public IReadOnlyList<BounceView>? Bounces { get; init; }

    public bool? IsBounce { get; init; }

    public string? RelatedMessageId { get; init; }

    public bool? SeemsLikeNew { get; init; }
}

/// <param name="Message">The id of the delivery report.</param>
/// <param name="Recipient">Who could not be reached.</param>
/// <param name="Action">Always "failed" here.</param>
/// <param name="Response">What the other server said.</param>
/// <param name="Date">When it was seen.</param>
internal sealed record BounceView(string Message, string Recipient, string Action, BounceResponseView Response, DateTimeOffset Date);

internal sealed record BounceResponseView(string Message, string Status);

internal sealed record AttachmentView(
    string Id,
    string ContentType,
    int EncodedSize,
    bool Embedded,
    bool Inline,
    bool EncodedInMessage,
    string? ContentId,
    string? Filename);

/// <param name="Id">For <c>GET /v1/account/{account}/text/{text}</c>.</param>
/// <param name="EncodedSize">Bytes on the server.</param>
/// <param name="Plain">Absent if not asked for.</param>
/// <param name="Html">Absent if not asked for.</param>
/// <param name="Rfc822">The returned mail in a delivery report.</param>
/// <param name="HasMore">Whether the text was cut.</param>
internal sealed record TextView(string Id, TextSizes EncodedSize, string? Plain = null, string? Html = null, string? Rfc822 = null, bool? HasMore = null);

internal sealed record TextSizes(int? Plain, int? Html);
