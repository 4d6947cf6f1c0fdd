using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Npgsql;

namespace CrmMail.Contracts;

/// <summary>Where the record of a dead letter is, as its row tells.</summary>
/// <param name="Id">The letter.</param>
/// <param name="Original">Where the record was first.</param>
/// <param name="Copy">Where it is in <see cref="MailTopics.DeadLetters"/>.</param>
/// <param name="IsShort">The copy was too large and lacks its value, so that the original is what to read.</param>
/// <param name="EventId">The event, as far as the record tells.</param>
/// <param name="Attempt">How often the record failed.</param>
/// <param name="FirstFailedAt">When it failed first, UTC.</param>
/// <param name="Requeues">How often the record was put back.</param>
public sealed record DeadLetterPointer(
    long Id, TopicPartitionOffset Original, TopicPartitionOffset Copy, bool IsShort, string? EventId, int Attempt, DateTime FirstFailedAt, int Requeues)
{
    /// <summary>The columns of <c>dead_letters</c> that <see cref="Read"/> takes.</summary>
    public const string Columns = """
        id, topic, partition, "offset", dead_letter_partition, dead_letter_offset, reason, event_id, attempt, first_failed_at, requeues
        """;

    /// <summary>Where the whole record is.</summary>
    public TopicPartitionOffset Place => IsShort ? Original : Copy;

    /// <summary>Reads <see cref="Columns"/>, the first of which is at this ordinal.</summary>
    public static DeadLetterPointer Read(NpgsqlDataReader row, int at = 0)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(
            row.GetInt64(at),
            new TopicPartitionOffset(row.GetString(at + 1), row.GetInt32(at + 2), row.GetInt64(at + 3)),
            new TopicPartitionOffset(MailTopics.DeadLetters, row.GetInt32(at + 4), row.GetInt64(at + 5)),
            row.GetString(at + 6) == DeadLetterReason.TooLarge.ToText(),
            row.IsDBNull(at + 7) ? null : row.GetString(at + 7),
            row.GetInt32(at + 8),
            row.GetDateTime(at + 9),
            row.GetInt32(at + 10));
    }

    /// <summary>Whether this is the record of the letter: a topic that was made anew has others at the same places.</summary>
    public bool IsOf(ConsumeResult<byte[], byte[]> record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var headers = record.Message.Headers ?? [];
        return IsShort
            ? EventId is null || headers.TryGetText(MailHeaders.EventId, out var eventId) && eventId == EventId
            : Is(headers, DeadLetterHeaders.OriginalTopic, Original.Topic)
                && Is(headers, DeadLetterHeaders.OriginalPartition, Original.Partition.Value.ToString(CultureInfo.InvariantCulture))
                && Is(headers, DeadLetterHeaders.OriginalOffset, Original.Offset.Value.ToString(CultureInfo.InvariantCulture));
    }

    private static bool Is(Headers headers, string name, string expected) =>
        headers.TryGetUtf8(name, out var utf8) && utf8.SequenceEqual(Encoding.UTF8.GetBytes(expected));
}
