namespace CrmMail.Migrator.Topics;

/// <summary>How the topics are created: the section <c>Topics</c>. Topics that exist are left alone.</summary>
internal sealed class TopicOptions
{
    /// <summary>Partitions of each topic: the most Processors that can share the work.</summary>
    public int Partitions { get; set; } = 12;

    /// <summary>Copies of each partition. 1 is for one machine; 3 survives the loss of a broker.</summary>
    public short ReplicationFactor { get; set; } = 1;

    /// <summary>How long events are kept. Null, the default, keeps them for ever, so that everything can be rebuilt from them.</summary>
    public TimeSpan? EventRetention { get; set; }

    /// <summary>How long dead letters are kept.</summary>
    public TimeSpan? DeadLetterRetention { get; set; } = TimeSpan.FromDays(90);
}
