using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Consuming;

/// <summary>The one thread that talks to the consumer: takes records, hands them to the workers of their partitions, stores offsets.</summary>
internal sealed partial class ConsumeThread(
    IConsumer<byte[], byte[]> consumer, Assignments assignments, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ConsumeThread> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastPoll = time.GetTimestamp();

    /// <summary>How long ago the consumer was polled: much more than <c>Poll</c> means that the thread hangs.</summary>
    public TimeSpan SinceLastPoll => time.GetElapsedTime(Volatile.Read(ref _lastPoll));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { IsBackground = true, Name = "consume" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Cancel();
        return _ended.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        try
        {
            consumer.Subscribe(MailTopics.Events);
            while (!_stop.IsCancellationRequested)
            {
                TakeAll();
                assignments.Advance(consumer);
            }

            assignments.RetireAll(consumer);
            consumer.Close();
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            _ended.TrySetException(exception);
            lifetime.StopApplication();
        }
    }

    /// <summary>Waits for a record, then takes those that are there already.</summary>
    private void TakeAll()
    {
        for (var patience = Poll; Consume(patience) is { } record; patience = TimeSpan.Zero)
        {
            assignments.Dispatch(consumer, record);
            if (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan patience)
    {
        Volatile.Write(ref _lastPoll, time.GetTimestamp());
        try
        {
            return consumer.Consume(patience);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // The client goes on by itself: a broker that is away is waited for (R3).
            LogError(exception.Error.Code);
            return null;
        }
    }

    [LoggerMessage(304, LogLevel.Warning, "Kafka reports {Code}; the consumer goes on.")]
    private partial void LogError(ErrorCode code);

    [LoggerMessage(305, LogLevel.Critical, "The consumer failed for good; the service stops.")]
    private partial void LogFailed(Exception exception);
}
