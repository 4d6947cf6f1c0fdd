using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>A mail on a timeline.</summary>
internal sealed record TimelineItem
{
    /// <summary>The activity: of several accounts that have the mail, the one whose copy tells most, and a mailbox before a team address.</summary>
    public required long Id { get; init; }

    /// <summary>The accounts that have the mail; on the timeline of an account that one alone.</summary>
    public required IReadOnlyList<string> AccountIds { get; init; }

    /// <summary>How each of these accounts has seen it.</summary>
    public required IReadOnlyList<Capture> Captures { get; init; }

    /// <summary>Which way it went, seen from the account of the activity.</summary>
    public required Direction Direction { get; init; }

    /// <summary>As what the contact took part; empty on all other timelines.</summary>
    public required IReadOnlyList<ParticipantRole> Roles { get; init; }

    /// <summary>The subject; empty when there is none.</summary>
    public required string Subject { get; init; }

    /// <summary>The beginning of the text.</summary>
    public required string Snippet { get; init; }

    /// <summary>Whom the mail names, at most 20 per header; the activity has them all.</summary>
    public required Participants Participants { get; init; }

    /// <summary>How many the mail names in all.</summary>
    public required int ParticipantCount { get; init; }

    /// <summary>Attached files.</summary>
    public required int AttachmentCount { get; init; }

    /// <summary>Whether a machine wrote it.</summary>
    public required bool IsAutoReply { get; init; }

    /// <summary>What the mail is besides a message from a person, by what any account has seen of it; empty for most mails.</summary>
    public required IReadOnlyList<MailTag> Tags { get; init; }

    /// <summary>False while only the delivery is known of a sent mail: subject and text may still come.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>How far a sent mail came.</summary>
    public required SentStatus? Status { get; init; }

    /// <summary>What the mail server said.</summary>
    public required string? StatusDetail { get; init; }

    /// <summary>Since when the status holds.</summary>
    public required DateTimeOffset? StatusAt { get; init; }

    /// <summary>When the mail was written: its place on the timeline.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When it became known here.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The Message-ID without angle brackets.</summary>
    public required string? MessageId { get; init; }

    /// <summary>The conversation. An id stays good for ever, also when the conversation has become a part of another, whose id is shown then.</summary>
    public required string ThreadId { get; init; }
}
