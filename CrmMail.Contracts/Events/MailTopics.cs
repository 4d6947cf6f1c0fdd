namespace CrmMail.Contracts;

/// <summary>The Kafka topics. The key of every record is the account id in UTF-8, partitioned by murmur2_random.</summary>
public static class MailTopics
{
    /// <summary>Every event as it came: the raw body, and <see cref="MailHeaders"/>. The source from which everything can be rebuilt.</summary>
    public const string Events = "mail.events";

    /// <summary>Records that cannot be processed as they are: key, value and headers untouched, and the reason in further headers.</summary>
    public const string DeadLetters = "mail.dead-letters";

    /// <summary>The largest body that a record carries, in bytes; a larger one is spilled to the database (<see cref="SpilledBody"/>).</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>max.message.bytes of <see cref="Events"/>, and message.max.bytes of its producers: a body, its key and its headers.</summary>
    public const int MaxEventBytes = MaxBodyBytes + (64 * 1024);

    /// <summary>max.message.bytes of <see cref="DeadLetters"/>, and message.max.bytes of its producers: an event and the headers that say why.</summary>
    public const int MaxDeadLetterBytes = MaxEventBytes + (64 * 1024);
}
