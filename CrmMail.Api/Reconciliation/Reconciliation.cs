using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Reconciliation;

/// <summary>A comparison of a mailbox with what is here.</summary>
/// <param name="Id">The run.</param>
/// <param name="Account">The account.</param>
/// <param name="State">How far it is: `queued`, `running`, `completed`, `failed` or `cancelled`.</param>
/// <param name="Cause">Why: `demand`, `reconnected` or `ingest-outage`.</param>
/// <param name="IsDryRun">It only lists what is missing.</param>
/// <param name="Since">Mails that the mail server received earlier are left alone.</param>
/// <param name="RequestedBy">The name of the API key, or `system`.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Error">Why it could not go on, or what it waits for.</param>
/// <param name="Folders">How many folders there are; 0 until they were listed.</param>
/// <param name="FoldersDone">How many of them are done.</param>
/// <param name="Seen">How many mails were compared; one that lies in two folders counts twice.</param>
/// <param name="Missing">How many of them had neither an activity nor a skip.</param>
/// <param name="Fed">How many of these were put into `mail.events`.</param>
internal sealed record Reconciliation(
    Guid Id,
    string Account,
    RunState State,
    ReconciliationCause Cause,
    bool IsDryRun,
    DateTimeOffset Since,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Error,
    int Folders,
    int FoldersDone,
    long Seen,
    long Missing,
    long Fed)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = """
        id, account_id, state, cause, is_dry_run, since, requested_by, requested_at, started_at, ended_at, error,
        folders, folders_done, seen, missing, fed
        """;

    public static Reconciliation Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        StableText.Parse<RunState>(row.GetString(2)),
        StableText.Parse<ReconciliationCause>(row.GetString(3)),
        row.GetBoolean(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetString(6),
        row.GetFieldValue<DateTimeOffset>(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        row.IsDBNull(10) ? null : row.GetString(10),
        row.GetInt32(11),
        row.GetInt32(12),
        row.GetInt64(13),
        row.GetInt64(14),
        row.GetInt64(15));
}

/// <summary>A mail that was missing.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="RemoteId">EmailEngine's id of it there.</param>
/// <param name="MessageId">Its Message-ID.</param>
/// <param name="ReceivedAt">When the mail server received it.</param>
/// <param name="EventId">The event that it was put into `mail.events` as, or would be: `GET /api/events/{eventId}` tells what became of it.</param>
/// <param name="IsFed">Whether it was.</param>
internal sealed record MissingMail(string Folder, string RemoteId, string? MessageId, DateTimeOffset? ReceivedAt, string EventId, bool IsFed);
