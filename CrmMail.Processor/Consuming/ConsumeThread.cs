using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Consuming;

/// <summary>The one thread that talks to the consumer: takes records, hands them to the workers of their partitions, stores offsets.</summary>
internal sealed partial class ConsumeThread(
    IConsumer<byte[], byte[]> consumer, Assignments assignments, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ConsumeThread> logger)
    : IHostedService, IDisposable
{
    private const int MostAtOnce = 1000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    // Nothing wakes the thread when the worker of a paused partition has caught up.
    private static readonly TimeSpan PollOfPaused = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastPoll = time.GetTimestamp();

    /// <summary>How long ago the consumer was polled: much more than <c>Poll</c> means that the thread hangs.</summary>
    public TimeSpan SinceLastPoll => time.GetElapsedTime(Volatile.Read(ref _lastPoll));

    /// <summary>Whether the thread ended although nobody asked for it: the exit code of the process tells.</summary>
    public bool HasFailed { get; private set; }

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
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        Leave();
    }

    /// <summary>Ends what is in progress, commits its offsets, and leaves the group, which then gives the partitions to others at once.</summary>
    private void Leave()
    {
        try
        {
            assignments.RetireAll(consumer);
            consumer.Close();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Fail(Exception exception)
    {
        LogFailed(exception);
        HasFailed = true;
        lifetime.StopApplication();
    }

    /// <summary>Waits for a record, then takes those that are there already; not all of them, for offsets are to be stored meanwhile.</summary>
    private void TakeAll()
    {
        var patience = assignments.HasPaused ? PollOfPaused : Poll;
        for (var taken = 0; taken < MostAtOnce && !_stop.IsCancellationRequested && Consume(patience) is { } record; taken++)
        {
            assignments.Dispatch(consumer, record);
            patience = TimeSpan.Zero;
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
