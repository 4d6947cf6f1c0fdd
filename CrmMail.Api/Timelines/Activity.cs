using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>A mail in one account, with everything that is known of it. Of a mail that a mailbox has too, a team address has no activity of its own.</summary>
internal sealed record Activity
{
    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>The account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Which way the mail went, seen from the account.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The subject; empty when there is none.</summary>
    public required string Subject { get; init; }

    /// <summary>The beginning of the text.</summary>
    public required string Snippet { get; init; }

    /// <summary>Everybody whom the mail names.</summary>
    public required Participants Participants { get; init; }

    /// <summary>The contacts that took part.</summary>
    public required IReadOnlyList<ActivityContact> Contacts { get; init; }

    /// <summary>The deals to which the mail belongs.</summary>
    public required IReadOnlyList<ActivityDeal> Deals { get; init; }

    /// <summary>This and the other activities for the same mail, by account.</summary>
    public required IReadOnlyList<ActivityCopy> Copies { get; init; }

    /// <summary>How the mail was seen: by every mailbox and at every team address that has it, by account.</summary>
    public required IReadOnlyList<Capture> Captures { get; init; }

    /// <summary>Attached files.</summary>
    public required int AttachmentCount { get; init; }

    /// <summary>Whether a machine wrote it.</summary>
    public required bool IsAutoReply { get; init; }

    /// <summary>What the mail is besides a message from a person, by what any account has seen of it; empty for most mails.</summary>
    public required IReadOnlyList<MailTag> Tags { get; init; }

    /// <summary>The names of the rules that gave the tags.</summary>
    public required IReadOnlyList<string> TagRules { get; init; }

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

    /// <summary>The Message-ID without angle brackets.</summary>
    public required string? MessageId { get; init; }

    /// <summary>The Message-ID that the mail answers.</summary>
    public required string? InReplyTo { get; init; }

    /// <summary>The conversation. An id stays good for ever, also when the conversation has become a part of another, whose id is shown then.</summary>
    public required string ThreadId { get; init; }

    /// <summary>Where the mail lies in the mailbox.</summary>
    public required string? Folder { get; init; }

    /// <summary>The way of the event that made the activity.</summary>
    public required EventTrace Trace { get; init; }
}

/// <summary>A contact that took part in a mail.</summary>
/// <param name="Id">The contact.</param>
/// <param name="Name">Its name.</param>
/// <param name="Roles">As what it took part.</param>
/// <param name="MatchedBy">The closest rule that led to it; not known of mails from before rules were stored, until a replay takes them along.</param>
internal sealed record ActivityContact(Guid Id, string Name, IReadOnlyList<ParticipantRole> Roles, MatchRule? MatchedBy)
{
    /// <summary>Reads id, name, all roles and the closest rule.</summary>
    public static ActivityContact Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        [.. row.GetFieldValue<string[]>(2).Select(StableText.Parse<ParticipantRole>)],
        row.IsDBNull(3) ? null : StableText.Parse<MatchRule>(row.GetString(3)));
}

/// <summary>A deal to which a mail belongs.</summary>
/// <param name="Id">The deal.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why the mail belongs to it.</param>
internal sealed record ActivityDeal(Guid Id, string Name, DealReason Reason);

/// <summary>A mail as one of several accounts has it.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="AccountId">The account.</param>
/// <param name="Direction">Which way it went, seen from the account.</param>
internal sealed record ActivityCopy(long ActivityId, string AccountId, Direction Direction);

/// <summary>The way of an event through the system.</summary>
/// <param name="EventId">The id that the sender gave it: EmailEngine's <c>X-EE-Wh-Event-Id</c>.</param>
/// <param name="Source">Who told us.</param>
/// <param name="Topic">Where it lies in Kafka.</param>
/// <param name="Partition">The partition of the topic.</param>
/// <param name="Offset">The offset in the partition.</param>
/// <param name="ReceivedAt">When Ingest had it; not known of events that made no activity.</param>
/// <param name="WrittenAt">When its outcome was committed to the database.</param>
/// <param name="CorrelationId">On every log line and span of the event.</param>
internal sealed record EventTrace(
    string EventId, MailSource? Source, string Topic, int Partition, long Offset, DateTimeOffset? ReceivedAt, DateTimeOffset WrittenAt, string? CorrelationId);
