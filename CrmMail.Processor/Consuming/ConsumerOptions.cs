using System.ComponentModel.DataAnnotations;

namespace CrmMail.Processor.Consuming;

/// <summary>How events are taken from Kafka: the section <c>Consumer</c>. Read once, at the start.</summary>
internal sealed class ConsumerOptions
{
    public const string Section = "Consumer";

    /// <summary>The consumer group that the Processors share the partitions in.</summary>
    [Required]
    public string GroupId { get; set; } = "crm-mail-processor";

    /// <summary>The most events that are written in one transaction.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>The most bytes of bodies that wait for the worker of one partition, and so the most of one transaction but for its last event.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxWaitingBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a batch that is not full waits for more.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a batch in progress may take to end when the service stops.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long it may take when its partition goes to another Processor. Far below the session timeout of 45 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan RevokeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most contacts that one mail is linked to.</summary>
    [Range(1, 100_000)]
    public int MaxLinkedContacts { get; set; } = 10_000;
}
