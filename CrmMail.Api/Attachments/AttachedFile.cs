using CrmMail.Contracts;

namespace CrmMail.Api.Attachments;

/// <summary>A file as an activity tells of it, and what came of it before.</summary>
internal sealed record AttachedFile
{
    public required AttachmentId Id { get; init; }

    public required AccountId Account { get; init; }

    public required MailSource Source { get; init; }

    /// <summary>EmailEngine's id of the mail in its present folder.</summary>
    public required string? RemoteId { get; init; }

    public required string? Name { get; init; }

    public required string? ContentType { get; init; }

    public required long? Size { get; init; }

    /// <summary>Where it is, if that is not the mailbox.</summary>
    public required string? Url { get; init; }

    public required AttachmentState? State { get; init; }

    public required byte[]? Sha256 { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is in a mailbox, from which EmailEngine reads it.</summary>
    public bool IsInMailbox => Source != MailSource.MailParse;

    /// <summary>The checksum as a validator of HTTP; null when it is not known, or not believed any more.</summary>
    public string? ETagAt(DateTimeOffset now) => State == AttachmentState.Linked && ExpiresAt > now ? $"\"{Convert.ToHexStringLower(Sha256!)}\"" : null;
}
