using System.Diagnostics.Metrics;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Consuming;

namespace CrmMail.Processor.Telemetry;

/// <summary>
/// How far the Processor is behind, by partition. The ends of partitions come with what is fetched of them; those of paused ones, of which
/// nothing is fetched just when the lag grows, are asked for.
/// </summary>
internal sealed partial class ConsumerLag : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Assignments _assignments;
    private readonly TimeProvider _time;
    private readonly ILogger<ConsumerLag> _logger;

    public ConsumerLag(IMeterFactory meters, IConsumer<byte[], byte[]> consumer, Assignments assignments, TimeProvider time, ILogger<ConsumerLag> logger)
    {
        (_consumer, _assignments, _time, _logger) = (consumer, assignments, time, logger);
        var meter = meters.Create(MailTelemetry.Processor);
        meter.CreateObservableGauge(MailTelemetry.ProcessorLag, () => Measure(static worker => worker.Lag), "{record}");
        meter.CreateObservableGauge(MailTelemetry.ProcessorLagTime, () => Measure(static worker => worker.LagTime.TotalSeconds), "s");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var paused = _assignments.Current.Where(assigned => assigned.Value.IsPaused).ToDictionary();
            if (paused.Count > 0)
            {
                // It blocks its thread for as long as Kafka needs.
                await Task.Run(() => AskForEnds(paused), stoppingToken);
            }
        }
    }

    private void AskForEnds(Dictionary<TopicPartition, PartitionWorker> paused)
    {
        try
        {
            // Not by an admin request: one that times out while the broker is away can take down the process, see
            // https://github.com/confluentinc/librdkafka/issues/4605.
            foreach (var (partition, worker) in paused)
            {
                worker.Extend(_consumer.QueryWatermarkOffsets(partition, Interval).High);
            }
        }
        catch (KafkaException exception)
        {
            LogUnknown(exception.Error.Code);
        }
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<PartitionWorker, T> value)
        where T : struct =>
        _assignments.Current.Select(assigned =>
            new Measurement<T>(value(assigned.Value), new KeyValuePair<string, object?>(MailTelemetry.PartitionTag, assigned.Key.Partition.Value)));

    [LoggerMessage(340, LogLevel.Warning, "The ends of paused partitions are not known ({Code}): their lag in records is larger than it is shown")]
    private partial void LogUnknown(ErrorCode code);
}
