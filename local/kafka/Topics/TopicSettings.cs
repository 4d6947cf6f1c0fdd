using System.Collections.Frozen;
using System.Globalization;

namespace KafkaBroker.Topics;

/// <summary>The settings of a topic: those that it was given, and the defaults of the others.</summary>
internal sealed class TopicSettings
{
    private TopicSettings(FrozenDictionary<string, string> given)
    {
        Given = given;
        RetentionMs = Number("retention.ms");
        RetentionBytes = Number("retention.bytes");
        SegmentBytes = Number("segment.bytes");
        SegmentMs = Number("segment.ms");
        MaxMessageBytes = Number("max.message.bytes");
        MinInSyncReplicas = Number("min.insync.replicas");
        TimestampBeforeMaxMs = Number("message.timestamp.before.max.ms");
        TimestampAfterMaxMs = Number("message.timestamp.after.max.ms");
        UsesLogAppendTime = Value("message.timestamp.type") == "LogAppendTime";
    }

    /// <summary>Every setting at its default.</summary>
    public static TopicSettings Default { get; } = new(FrozenDictionary<string, string>.Empty);

    /// <summary>The settings that the topic was given.</summary>
    public FrozenDictionary<string, string> Given { get; }

    /// <summary>How long records are kept, milliseconds; -1 for ever.</summary>
    public long RetentionMs { get; }

    /// <summary>How much of a partition is kept, bytes; -1 for all.</summary>
    public long RetentionBytes { get; }

    /// <summary>Largest segment, bytes.</summary>
    public long SegmentBytes { get; }

    /// <summary>Oldest segment that is still written to, milliseconds.</summary>
    public long SegmentMs { get; }

    /// <summary>Largest batch, bytes.</summary>
    public long MaxMessageBytes { get; }

    /// <summary>Copies that acks=all demands; there is one.</summary>
    public long MinInSyncReplicas { get; }

    /// <summary>How far a record's time may lie in the past, milliseconds.</summary>
    public long TimestampBeforeMaxMs { get; }

    /// <summary>How far a record's time may lie in the future, milliseconds.</summary>
    public long TimestampAfterMaxMs { get; }

    /// <summary>Whether records get the time at which they are written.</summary>
    public bool UsesLogAppendTime { get; }

    /// <param name="given">Names and values.</param>
    /// <param name="settings">The settings, if they are possible.</param>
    /// <param name="problem">What is wrong, if they are not.</param>
    public static bool TryCreate(IReadOnlyDictionary<string, string> given, out TopicSettings settings, out string problem)
    {
        settings = Default;
        foreach (var (name, value) in given)
        {
            if (!TopicSetting.All.TryGetValue(name, out var setting))
            {
                problem = "Unknown topic config name.";
                return false;
            }

            if (!setting.Accepts(value))
            {
                problem = $"Invalid value for configuration {name}, in this broker.";
                return false;
            }
        }

        settings = new(given.ToFrozenDictionary());
        problem = "";
        return true;
    }

    /// <summary>The value of a setting, given or not.</summary>
    public string Value(string name) => Given.GetValueOrDefault(name) ?? TopicSetting.All[name].Default;

    private long Number(string name) => long.Parse(Value(name), CultureInfo.InvariantCulture);
}
