using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Migrator.Topics;

/// <summary>Writes down how long Kafka keeps the topics, as they are and not as they were wished for: certificates of erasure tell it.</summary>
internal sealed class RetentionRecorder(IAdminClient kafka, NpgsqlDataSource database)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private const string Upsert = """
        insert into topic_retention (topic, retention, segment, seen_at)
        values ($1, $2, $3, now())
        on conflict (topic) do update
        set retention = excluded.retention, segment = excluded.segment, seen_at = excluded.seen_at
        """;

    /// <exception cref="KafkaException">The broker cannot be reached, or refuses.</exception>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var topics = new[] { MailTopics.Events, MailTopics.DeadLetters }.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name });
        foreach (var topic in await kafka.DescribeConfigsAsync(topics, new() { RequestTimeout = RequestTimeout }).WaitAsync(cancellationToken))
        {
            await using var command = database.CreateCommand(Upsert);
            command.Parameters.Add(new() { Value = topic.ConfigResource.Name });
            command.Parameters.Add(new() { Value = (object?)TimeOf(topic, "retention.ms") ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval });
            command.Parameters.Add(new() { Value = TimeOf(topic, "segment.ms") ?? TimeSpan.Zero });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Null for ever, which Kafka calls -1, or a time that is longer than any.</summary>
    private static TimeSpan? TimeOf(DescribeConfigsResult topic, string setting) =>
        topic.Entries.TryGetValue(setting, out var entry) && long.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds >= 0 && milliseconds < TimeSpan.FromDays(365_000).TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}
