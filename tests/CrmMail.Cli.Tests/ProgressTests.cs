using CrmMail.Cli.Console;
using Microsoft.Extensions.Time.Testing;

namespace CrmMail.Cli.Tests;

/// <summary>The bar of what takes longer than two seconds.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void What_is_over_within_two_seconds_shows_nothing()
    {
        var progress = New(canRedraw: true);

        progress.Report(new Measured(0, 100));
        _time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(1));
        progress.Report(new Measured(90, 100));
        progress.Clear();

        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void A_bar_shows_done_total_rate_and_what_is_left_and_is_gone_in_the_end()
    {
        var progress = New(canRedraw: true);

        progress.Report(new Measured(0, 12_000));
        _time.Advance(TimeSpan.FromSeconds(2));
        progress.Report(new Measured(3_000, 12_000, Failed: 2));
        progress.Clear();

        Assert.Equal("\r\e[Kreplay ━━━━━━──────────────────  25 %  3,000/12,000  1,500/s  ETA 6 s  2 failed\r\e[K", _error.ToString());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    public void A_bar_fits_the_screen(int width)
    {
        var progress = New(canRedraw: true, width);

        progress.Report(new Measured(0, 1_000_000));
        _time.Advance(TimeSpan.FromMinutes(5));
        progress.Report(new Measured(123_456, 1_000_000, Failed: 99));

        Assert.InRange(_error.ToString()["\r\e[K".Length..].Length, 20, width - 1);
    }

    [Fact]
    public void The_rate_is_that_of_the_last_ten_seconds()
    {
        var progress = New(canRedraw: false);

        progress.Report(new Measured(0, 10_000));
        foreach (var second in Enumerable.Range(1, 30))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.Report(new Measured(second <= 12 ? 100 * second : 1200, 10_000));
        }

        Assert.Equal(
            """
            replay: 2 %  200/10,000  100/s  ETA 1 min 38 s
            replay: 12 %  1,200/10,000  100/s  ETA 1 min 28 s
            replay: 12 %  1,200/10,000  0/s

            """,
            _error.ToString());
    }

    [Fact]
    public void A_run_that_waits_says_for_what_at_once()
    {
        var progress = New(canRedraw: false);
        _time.Advance(TimeSpan.FromSeconds(3));

        progress.Report(new Measured(5, 10));
        progress.Report(new Measured(5, 10, State: "paused while live mail is late"));
        progress.Report(new Measured(5, 10, State: "paused while live mail is late"));

        Assert.Equal(
            """
            replay: 50 %  5/10  0/s
            replay: 50 %  5/10  paused while live mail is late

            """,
            _error.ToString());
    }

    [Fact]
    public void Without_a_total_there_is_no_bar()
    {
        var progress = New(canRedraw: true);

        progress.Report(new Measured(0, null));
        _time.Advance(TimeSpan.FromSeconds(2));
        progress.Report(new Measured(50, null));

        Assert.Equal("\r\e[Kreplay  50  25/s", _error.ToString());
    }

    public void Dispose() => _error.Dispose();

    private Progress New(bool canRedraw, int width = 120) => new("replay", new Terminal(Stream.Null, _error) { CanRedraw = canRedraw, Width = width }, _time);
}
