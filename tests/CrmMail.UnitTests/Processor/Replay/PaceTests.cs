using CrmMail.Processor.Replay;
using Microsoft.Extensions.Time.Testing;

namespace CrmMail.UnitTests.Processor.Replay;

/// <summary>When a replay may read on.</summary>
public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_a_rate_nothing_waits()
    {
        var pace = new Pace(_time);
        Assert.Equal(4000, pace.Limit(4000));
        Assert.True(pace.WaitAsync(1_000_000, Cancel).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(0.5, 1)]
    [InlineData(100_000, 4000)]
    public void At_a_rate_no_more_is_taken_at_once_than_in_a_second(double rate, int expected)
    {
        var pace = new Pace(_time);
        pace.Set(isPaused: false, rate);
        Assert.Equal(expected, pace.Limit(4000));
    }

    [Fact]
    public async Task What_was_taken_is_paid_for_with_time()
    {
        var pace = new Pace(_time);
        pace.Set(isPaused: false, 10);
        var first = pace.WaitAsync(20, Cancel);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await first;
    }

    [Fact]
    public async Task A_pause_lasts_until_it_is_over_or_the_run_ends()
    {
        var pace = new Pace(_time);
        pace.Set(isPaused: true, null);
        var paused = pace.WaitAsync(1, Cancel);
        pace.Set(isPaused: true, null);
        Assert.False(paused.IsCompleted);
        pace.Set(isPaused: false, null);
        await paused;

        using var ended = new CancellationTokenSource();
        pace.Set(isPaused: true, null);
        var waiting = pace.WaitAsync(1, ended.Token);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
