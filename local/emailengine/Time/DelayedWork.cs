namespace EmailEngineSimulator.Time;

/// <summary>Work that is done later, until the application stops; then what has not begun is dropped.</summary>
internal sealed class DelayedWork(TimeProvider time) : IDisposable
{
    // A timer takes at most 2^32 - 2 milliseconds, about 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _timers = [];
    private bool _isStopped;

    /// <param name="delay">From now; at once if not positive.</param>
    /// <param name="work">Short and without exceptions: it runs on a timer thread.</param>
    public void After(TimeSpan delay, Action work)
    {
        if (delay > Longest)
        {
            var due = time.GetUtcNow() + delay;
            After(Longest, () => After(due - time.GetUtcNow(), work));
            return;
        }

        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            ITimer? timer = null;
            timer = time.CreateTimer(_ => Run(timer!, work), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timers.Add(timer);
            timer.Change(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            foreach (var timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void Run(ITimer timer, Action work)
    {
        lock (_gate)
        {
            if (!_timers.Remove(timer))
            {
                return;
            }
        }

        timer.Dispose();
        work();
    }
}
