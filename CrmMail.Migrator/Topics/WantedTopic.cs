using System.Globalization;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;

namespace CrmMail.Migrator.Topics;

/// <summary>A topic as this build wants it.</summary>
internal sealed record WantedTopic(string Name, int Partitions, short ReplicationFactor, IReadOnlyDictionary<string, string> Configuration)
{
    public static WantedTopic[] From(TopicOptions options) =>
    [
        Create(MailTopics.Events, options.EventRetention, MailTopics.MaxEventBytes, options),
        Create(MailTopics.DeadLetters, options.DeadLetterRetention, MailTopics.MaxDeadLetterBytes, options),
    ];

    public TopicSpecification ToSpecification() => new()
    {
        Name = Name,
        NumPartitions = Partitions,
        ReplicationFactor = ReplicationFactor,
        Configs = Configuration.ToDictionary(),
    };

    private static WantedTopic Create(string name, TimeSpan? retention, int maxMessageBytes, TopicOptions options)
    {
        // A write to three copies waits for two: a lost broker stops nothing, and no acknowledged event lies on one disk only.
        var inSync = options.ReplicationFactor >= 3 ? 2 : 1;
        var retentionMs = retention is { } kept ? (long)kept.TotalMilliseconds : -1;
        return new(name, options.Partitions, options.ReplicationFactor, new Dictionary<string, string>
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = retentionMs.ToString(CultureInfo.InvariantCulture),
            ["max.message.bytes"] = maxMessageBytes.ToString(CultureInfo.InvariantCulture),
            ["min.insync.replicas"] = inSync.ToString(CultureInfo.InvariantCulture),
        });
    }
}
