namespace CrmMail.Processor.Replay;

/// <summary>
/// When a worker may read on: not while live events are late, and not faster than its share of the rate of its run. Set by the service,
/// awaited by the worker.
/// </summary>
internal sealed class Pace(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _pause;
    private double? _recordsPerSecond;
    private long _freeAt = time.GetTimestamp();

    /// <summary>What the run says now.</summary>
    /// <param name="isPaused">Whether to read nothing.</param>
    /// <param name="recordsPerSecond">The worker's share; null for no limit.</param>
    public void Set(bool isPaused, double? recordsPerSecond)
    {
        lock (_lock)
        {
            _recordsPerSecond = recordsPerSecond;
            if (isPaused)
            {
                _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                _pause?.SetResult();
                _pause = null;
            }
        }
    }

    /// <summary>How many records may be taken at once so that a slow rate is even: those of one second.</summary>
    public int Limit(int batchSize)
    {
        lock (_lock)
        {
            return _recordsPerSecond is { } rate ? (int)Math.Clamp(rate, 1, batchSize) : batchSize;
        }
    }

    /// <summary>So many records were taken; waits until the next may be.</summary>
    public async Task WaitAsync(int records, CancellationToken cancellationToken)
    {
        if (Take(records) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        while (Pause() is { } pause)
        {
            await pause.WaitAsync(cancellationToken);
        }
    }

    private TimeSpan Take(int records)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _freeAt = Math.Max(now, _freeAt);
            if (_recordsPerSecond is { } rate)
            {
                _freeAt += (long)(records / rate * time.TimestampFrequency);
            }

            return time.GetElapsedTime(now, _freeAt);
        }
    }

    private Task? Pause()
    {
        lock (_lock)
        {
            return _pause?.Task;
        }
    }
}
