using System.Globalization;

namespace KafkaBroker.Topics;

/// <summary>A setting that a topic can have.</summary>
/// <param name="Name">As in Kafka.</param>
/// <param name="Type">What its value is, as DescribeConfigs says it.</param>
/// <param name="Default">Kafka's default.</param>
/// <param name="Accepts">Whether a value is possible here.</param>
internal sealed record TopicSetting(string Name, TopicSettingType Type, string Default, Func<string, bool> Accepts)
{
    /// <summary>All of them, by name. Those without effect are accepted so that the scripts of others run.</summary>
    public static IReadOnlyDictionary<string, TopicSetting> All { get; } = new TopicSetting[]
    {
        Number("retention.ms", "604800000", -1),
        Number("retention.bytes", "-1", -1),
        Number("segment.bytes", "1073741824", 1024 * 1024, int.MaxValue),
        Number("segment.ms", "604800000", 1),
        Number("max.message.bytes", "1048588", 0, int.MaxValue),
        Number("min.insync.replicas", "1", 1, int.MaxValue),
        Number("message.timestamp.before.max.ms", "9223372036854775807", 0),
        Number("message.timestamp.after.max.ms", "3600000", 0),
        Choice("message.timestamp.type", TopicSettingType.Text, "CreateTime", "LogAppendTime"),
        Choice("cleanup.policy", TopicSettingType.List, "delete"),
        Choice("compression.type", TopicSettingType.Text, "producer"),

        // Without effect: a broker that flushes in groups, keeps its index in memory and never compacts does not need them.
        Number("delete.retention.ms", "86400000", 0),
        Number("file.delete.delay.ms", "60000", 0),
        Number("flush.messages", "9223372036854775807", 1),
        Number("flush.ms", "9223372036854775807", 0),
        Number("index.interval.bytes", "4096", 0, int.MaxValue),
        Number("max.compaction.lag.ms", "9223372036854775807", 1),
        Number("min.compaction.lag.ms", "0", 0),
        Number("segment.index.bytes", "10485760", 4, int.MaxValue),
        Number("segment.jitter.ms", "0", 0),
        new("min.cleanable.dirty.ratio", TopicSettingType.Double, "0.5",
            value => double.TryParse(value, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1),
        Choice("preallocate", TopicSettingType.Boolean, "false", "true"),
        Choice("unclean.leader.election.enable", TopicSettingType.Boolean, "false", "true"),
    }.ToDictionary(setting => setting.Name);

    private static TopicSetting Number(string name, string normal, long min, long max = long.MaxValue) =>
        new(name, max == int.MaxValue ? TopicSettingType.Int : TopicSettingType.Long, normal,
            value => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max);

    private static TopicSetting Choice(string name, TopicSettingType type, string normal, params string[] others) =>
        new(name, type, normal, value => value == normal || others.Contains(value));
}
