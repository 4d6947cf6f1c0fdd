using Microsoft.Extensions.Time.Testing;

namespace CrmMail.Cli.Tests.Running;

/// <summary>A clock on which every wait is over at once, and has taken the time that it was to take.</summary>
internal sealed class HurryingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
