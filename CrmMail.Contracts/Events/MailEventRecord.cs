using System.Text;
using Confluent.Kafka;

namespace CrmMail.Contracts;

/// <summary>Records of <see cref="MailTopics.Events"/> as whoever has an event to tell of puts them there.</summary>
public static class MailEventRecord
{
    /// <summary>The record of an event: the key is the account, so that events of one account stay in order.</summary>
    /// <param name="account">The mailbox that the event is about.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="body">The body, or nothing when it was spilled.</param>
    public static Message<byte[], byte[]> Of(AccountId account, MailEventHeaders headers, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(headers);
        return new() { Key = Encoding.UTF8.GetBytes(account.Value), Value = body, Headers = headers.ToKafka() };
    }

    /// <summary>
    /// Sets what every producer of events has to have, whatever its configuration says: an acknowledged event is in all in-sync replicas,
    /// once, in the partition that everybody finds by its account.
    /// </summary>
    public static void Secure(ProducerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.EnableDeliveryReports = true;
        config.DeliveryReportFields = "status";
        config.Partitioner = Partitioner.Murmur2Random;
        config.AllowAutoCreateTopics = false;
        config.MessageMaxBytes = MailTopics.MaxEventBytes;
        config.CompressionType ??= CompressionType.Lz4;
        config.EnableMetricsPush ??= false;
    }
}
