using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
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
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        using var timer = new PeriodicTimer(Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var paused = _assignments.Current.Where(assigned => assigned.Value.IsPaused).ToDictionary();
            if (paused.Count > 0)
            {
                await AskForEndsAsync(admin, paused);
            }
        }
    }

    private async Task AskForEndsAsync(IAdminClient admin, Dictionary<TopicPartition, PartitionWorker> paused)
    {
        try
        {
            var answer = await admin.ListOffsetsAsync(
                paused.Keys.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }),
                new ListOffsetsOptions { RequestTimeout = Interval });
            foreach (var end in answer.ResultInfos)
            {
                paused[end.TopicPartitionOffsetError.TopicPartition].Extend(end.TopicPartitionOffsetError.Offset);
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
