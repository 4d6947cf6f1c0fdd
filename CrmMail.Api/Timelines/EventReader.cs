using CrmMail.Contracts;
using Npgsql;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Timelines;

/// <summary>What became of events.</summary>
internal sealed class EventReader(NpgsqlDataSource database)
{
    private const string Activities = """
        select account_id, event_id, source, topic, partition, "offset", written_at, correlation_id, received_at, id
        from activities
        where event_id = $1
          and account_id = coalesce($2, account_id)
        """;

    // A mail that was known already has its activity by one of its keys.
    private const string Skips = """
        select
            account_id, event_id, source, topic, partition, "offset", recorded_at, correlation_id, reason,
            (select min(activity_id) from message_keys where key = any (mail_keys) and message_keys.account_id = skipped_events.account_id)
        from skipped_events
        where event_id = $1
          and account_id = coalesce($2, account_id)
        """;

    private const string DeadLetters = """
        select
            account_id, event_id, source, topic, partition, "offset", failed_at, correlation_id,
            reason, detail, state, dead_letter_partition, dead_letter_offset, attempt, first_failed_at
        from dead_letters
        where event_id = $1
          and ($2 is null or account_id = $2)
        order by id desc
        """;

    /// <summary>How the event ended, in every account that has one with this id. An activity outdoes a skip, a skip a dead letter, and a later dead letter an earlier one.</summary>
    public async Task<IReadOnlyList<EventOutcome>> FindAsync(EventId eventId, AccountId? account, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in new[] { Activities, Skips, DeadLetters })
        {
            batch.BatchCommands.Add(new(sql)
            {
                Parameters = { new() { Value = eventId.Value }, new() { Value = (object?)account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } },
            });
        }

        var outcomes = new Dictionary<(string?, MailSource?), EventOutcome>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var read in new Func<NpgsqlDataReader, EventOutcome>[] { ReadActivity, ReadSkip, ReadDeadLetter })
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var outcome = read(reader);
                outcomes.TryAdd((outcome.AccountId, outcome.Trace.Source), outcome);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return [.. outcomes.Values];
    }

    private static EventOutcome ReadActivity(NpgsqlDataReader row) =>
        new(EventOutcomeKind.Activity, row.GetString(0), row.GetInt64(9), null, null, ReadTrace(row, row.GetFieldValue<DateTimeOffset>(8)));

    private static EventOutcome ReadSkip(NpgsqlDataReader row) =>
        new(EventOutcomeKind.Skip, row.GetString(0), row.IsDBNull(9) ? null : row.GetInt64(9), StableText.Parse<SkipReason>(row.GetString(8)), null, ReadTrace(row));

    private static EventOutcome ReadDeadLetter(NpgsqlDataReader row) => new(
        EventOutcomeKind.DeadLetter,
        row.IsDBNull(0) ? null : row.GetString(0),
        null,
        null,
        new DeadLetterPlace(
            row.GetString(8), row.GetString(9), StableText.Parse<DeadLetterState>(row.GetString(10)),
            MailTopics.DeadLetters, row.GetInt32(11), row.GetInt64(12), row.GetInt32(13), row.GetFieldValue<DateTimeOffset>(14)),
        ReadTrace(row));

    private static EventTrace ReadTrace(NpgsqlDataReader row, DateTimeOffset? receivedAt = null) => new(
        row.GetString(1), ReadSource(row), row.GetString(3), row.GetInt32(4), row.GetInt64(5),
        receivedAt, row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetString(7));

    /// <summary>A dead letter may name a source that nobody knows, or none.</summary>
    private static MailSource? ReadSource(NpgsqlDataReader row) =>
        !row.IsDBNull(2) && StableText.TryParse<MailSource>(row.GetString(2), out var source) ? source : null;
}
