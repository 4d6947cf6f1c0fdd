using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.DeadLetters;

/// <summary>A record that could not be processed.</summary>
/// <param name="Id">The letter; later ones are larger.</param>
/// <param name="State">What was decided about it.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Fingerprint">The same for all letters of one cause.</param>
/// <param name="Account">The account that it is about, as far as it tells.</param>
/// <param name="Source">Who told of it, as far as it tells.</param>
/// <param name="Event">The name of its event, as far as it tells.</param>
/// <param name="EventId">The event, as far as it tells.</param>
/// <param name="CorrelationId">Finds it in logs and traces.</param>
/// <param name="Topic">Where it was first: the topic.</param>
/// <param name="Partition">The partition there.</param>
/// <param name="Offset">The offset there.</param>
/// <param name="DeadLetterPartition">The partition of `mail.dead-letters` where it is.</param>
/// <param name="DeadLetterOffset">The offset there.</param>
/// <param name="Attempt">How often it failed.</param>
/// <param name="Requeues">How often it was put back. After 5 times it is withheld.</param>
/// <param name="FirstFailedAt">When it failed first.</param>
/// <param name="FailedAt">When it failed last.</param>
internal record DeadLetter(
    long Id,
    DeadLetterState State,
    string Reason,
    string Detail,
    string Fingerprint,
    string? Account,
    string? Source,
    string? Event,
    string? EventId,
    string? CorrelationId,
    string Topic,
    int Partition,
    long Offset,
    int DeadLetterPartition,
    long DeadLetterOffset,
    int Attempt,
    int Requeues,
    DateTimeOffset FirstFailedAt,
    DateTimeOffset FailedAt)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = """
        id, state, reason, detail, fingerprint, account_id, source, event, event_id, correlation_id, topic, partition, "offset",
        dead_letter_partition, dead_letter_offset, attempt, requeues, first_failed_at, failed_at
        """;

    public static DeadLetter Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        StableText.Parse<DeadLetterState>(row.GetString(1)),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        Text(row, 5),
        Text(row, 6),
        Text(row, 7),
        Text(row, 8),
        Text(row, 9),
        row.GetString(10),
        row.GetInt32(11),
        row.GetInt64(12),
        row.GetInt32(13),
        row.GetInt64(14),
        row.GetInt32(15),
        row.GetInt32(16),
        row.GetFieldValue<DateTimeOffset>(17),
        row.GetFieldValue<DateTimeOffset>(18));

    /// <summary>Where its record is.</summary>
    public DeadLetterPointer ToPointer() => new(
        Id,
        new(Topic, Partition, Offset),
        new(MailTopics.DeadLetters, DeadLetterPartition, DeadLetterOffset),
        Reason == DeadLetterReason.TooLarge.ToText(),
        EventId,
        Attempt,
        FirstFailedAt.UtcDateTime,
        Requeues);

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);
}
