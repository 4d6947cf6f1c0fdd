using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Replay;

/// <summary>Fixes the ranges of a run, by what Kafka has at this moment.</summary>
internal sealed class ReplayPlanner(ReplayKafka kafka)
{
    private static readonly TimeSpan Request = TimeSpan.FromSeconds(10);

    /// <exception cref="ReplayFailedException">The range cannot be read.</exception>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public Task<List<PartitionRange>> PlanAsync(RangeRequest request, bool allowTrimmed, CancellationToken cancellationToken) =>
        Task.Run(() => Plan(request, allowTrimmed), cancellationToken);

    private List<PartitionRange> Plan(RangeRequest request, bool allowTrimmed)
    {
        using var consumer = kafka.CreateConsumer();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var topic = admin.GetMetadata(MailTopics.Events, Request).Topics[0];
        if (topic.Error.IsError)
        {
            throw new KafkaException(topic.Error);
        }

        var partitions = request.PartitionsOf(topic.Partitions.Count);
        var starts = At(consumer, partitions, request.FromTime - RangeRequest.Margin);
        var ends = At(consumer, partitions, request.ToTime + RangeRequest.Margin);
        var ranges = new List<PartitionRange>();
        foreach (var partition in partitions)
        {
            var there = consumer.QueryWatermarkOffsets(ReplayKafka.PlaceOf(partition), Request);
            ranges.Add(request.Of(partition, there.Low, there.High, starts.GetValueOrDefault(partition), ends.GetValueOrDefault(partition)));
        }

        var trimmed = ranges.Sum(range => range.Trimmed);
        return trimmed > 0 && !allowTrimmed
            ? throw new ReplayFailedException(Retention.Gone(trimmed, ranges.Count(range => range.Trimmed > 0), trimmed + ranges.Sum(range => range.To - range.From)))
            : ranges;
    }

    /// <summary>The first offset of this time or later, by partition; null where there is none.</summary>
    private static Dictionary<int, long?> At(IConsumer<byte[], byte[]> consumer, IReadOnlyList<int> partitions, DateTime? time) => time is null
        ? []
        : consumer
            .OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(ReplayKafka.PlaceOf(partition), new Timestamp(time.Value))), Request)
            .ToDictionary(place => place.Partition.Value, place => place.Offset.IsSpecial ? (long?)null : place.Offset.Value);
}
