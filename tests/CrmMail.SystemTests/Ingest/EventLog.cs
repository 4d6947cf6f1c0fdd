using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Ingest;

/// <summary>What the topic of events holds of one account.</summary>
internal sealed class EventLog(string bootstrapServers)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<EventLog> OfAsync(RunningApplication system) =>
        new((await system.Application.GetConnectionStringAsync("kafka", TestContext.Current.CancellationToken))!);

    /// <summary>Reads every partition from its beginning to the end that it has now.</summary>
    public Task<List<ConsumeResult<byte[], byte[]>>> ReadAsync(string account) =>
        Task.Run(() => Read(account), TestContext.Current.CancellationToken);

    /// <summary>The number of partitions.</summary>
    public int CountPartitions()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        return admin.GetMetadata(MailTopics.Events, Deadline).Topics.Single().Partitions.Count;
    }

    private List<ConsumeResult<byte[], byte[]>> Read(string account)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = $"test-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        var open = Enumerable.Range(0, CountPartitions()).ToHashSet();
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(MailTopics.Events, partition, Offset.Beginning)));

        using var deadline = new CancellationTokenSource(Deadline);
        var found = new List<ConsumeResult<byte[], byte[]>>();
        while (open.Count > 0)
        {
            var read = consumer.Consume(deadline.Token);
            if (read.IsPartitionEOF)
            {
                open.Remove(read.Partition);
            }
            else if (Encoding.UTF8.GetString(read.Message.Key) == account)
            {
                found.Add(read);
            }
        }

        return found;
    }
}
