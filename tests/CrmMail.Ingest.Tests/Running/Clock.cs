using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>A clock that stands still until it is told to go on, and says when somebody waits for it.</summary>
internal sealed class Clock : FakeTimeProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until one more timer runs, and tells for how long.</summary>
    public Task<TimeSpan> NextTimerAsync() =>
        _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
