namespace CrmMail.Contracts;

/// <summary>The Kafka topics. The key of every record is the account id in UTF-8, partitioned by murmur2_random.</summary>
public static class MailTopics
{
    /// <summary>Every event as it came: the raw body, and <see cref="MailHeaders"/>. The source from which everything can be rebuilt.</summary>
    public const string Events = "mail.events";

    /// <summary>Records that cannot be processed as they are: key, value and headers untouched, and the reason in further headers.</summary>
    public const string DeadLetters = "mail.dead-letters";
}
