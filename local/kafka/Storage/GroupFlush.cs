namespace KafkaBroker.Storage;

/// <summary>
/// Flushes to disk for many at once: whoever asks within <see cref="Window"/> shares a flush. The first flush that fails is the last:
/// the kernel forgets what it could not write, so a later success would mean nothing.
/// </summary>
internal sealed class GroupFlush : IAsyncDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _asked = new(0, 1);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private HashSet<IFlushable> _waiting = [];
    private TaskCompletionSource _flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    /// <param name="time">The clock of the window.</param>
    public GroupFlush(TimeProvider time)
    {
        _time = time;
        _running = RunAsync();
    }

    /// <summary>Fails when a flush has failed; the broker cannot go on then.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Completes when the disk has what <paramref name="file"/> holds now.</summary>
    /// <exception cref="IOException">It could not be flushed.</exception>
    public Task FlushAsync(IFlushable file)
    {
        lock (_gate)
        {
            if (_waiting.Add(file) && _waiting.Count == 1)
            {
                _asked.Release();
            }

            return _failed.Task.IsFaulted ? _failed.Task : _flushed.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            if (_waiting.Count == 0)
            {
                _asked.Release();
            }
        }

        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        do
        {
            await _asked.WaitAsync().ConfigureAwait(false);
            await Task.Delay(Window, _time).ConfigureAwait(false);
        }
        while (FlushWaiting() && !Volatile.Read(ref _stopping));
        _asked.Dispose();
    }

    private bool FlushWaiting()
    {
        HashSet<IFlushable> files;
        TaskCompletionSource flushed;
        lock (_gate)
        {
            (files, _waiting) = (_waiting, []);
            (flushed, _flushed) = (_flushed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            Parallel.ForEach(files, file => file.Flush());
            flushed.SetResult();
            return true;
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is IOException))
        {
            Fail(flushed, new IOException("The disk did not take what was written.", exception));
            return false;
        }
    }

    private void Fail(TaskCompletionSource flushed, IOException exception)
    {
        lock (_gate)
        {
            _failed.SetException(exception);
            flushed.SetException(exception);
            _flushed.SetException(exception);
        }
    }
}
