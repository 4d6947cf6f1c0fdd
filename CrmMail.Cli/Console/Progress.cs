using System.Globalization;

namespace CrmMail.Cli.Console;

/// <summary>How far something is.</summary>
/// <param name="Done">What is done.</param>
/// <param name="Total">What there is to do; null or 0 where nobody knows yet.</param>
/// <param name="Failed">What went wrong.</param>
/// <param name="State">Why it does not move, where it does not; null while it does.</param>
internal readonly record struct Measured(long Done, long? Total, long Failed = 0, string? State = null);

/// <summary>
/// Shows how far something is that takes longer than two seconds: a bar on a screen, a line now and then elsewhere.
/// </summary>
internal sealed class Progress(string label, Terminal terminal, TimeProvider time)
{
    private const int MaxBar = 24;
    private const string EraseLine = "\r\e[K";

    /// <summary>What is over sooner needs no bar.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Between two lines in a file or a pipe.</summary>
    public static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    private readonly Queue<(long At, long Done)> _samples = new();
    private readonly long _start = time.GetTimestamp();
    private long? _lastLine;
    private string? _lastState;
    private bool _isDrawn;

    /// <summary>Shows how far it is now.</summary>
    public void Report(Measured now)
    {
        var rate = Sample(now.Done);
        if (time.GetElapsedTime(_start) < Patience)
        {
            return;
        }

        if (terminal.CanRedraw)
        {
            terminal.Error.Write(EraseLine + Draw(now, rate));
            _isDrawn = true;
        }
        else if (_lastLine is not { } last || time.GetElapsedTime(last) >= LineInterval || now.State != _lastState)
        {
            terminal.Error.WriteLine($"{label}: {Describe(now, rate)}");
            (_lastLine, _lastState) = (time.GetTimestamp(), now.State);
        }
    }

    /// <summary>Makes room for what is written next.</summary>
    public void Clear()
    {
        if (_isDrawn)
        {
            terminal.Error.Write(EraseLine);
            _isDrawn = false;
        }
    }

    /// <summary>Per second, over the last ten.</summary>
    private double Sample(long done)
    {
        var now = time.GetTimestamp();
        _samples.Enqueue((now, done));
        while (time.GetElapsedTime(_samples.Peek().At, now) > RateWindow)
        {
            _samples.Dequeue();
        }

        var oldest = _samples.Peek();
        var seconds = time.GetElapsedTime(oldest.At, now).TotalSeconds;
        return seconds > 0 ? Math.Max(0, (done - oldest.Done) / seconds) : 0;
    }

    private string Draw(Measured now, double rate)
    {
        var text = Describe(now, rate);
        var room = terminal.Width - Printable.Width(label) - Printable.Width(text) - 4;
        var bar = Fraction(now) is { } fraction && room >= 4 ? $" {Bar(fraction, Math.Min(room, MaxBar))}" : "";
        return Printable.Cut($"{label}{bar}  {text}", terminal.Width - 1);
    }

    private static string Bar(double fraction, int width)
    {
        var full = (int)Math.Round(fraction * width);
        return new string('━', full) + new string('─', width - full);
    }

    private static string Describe(Measured now, double rate)
    {
        var left = now.Total - now.Done;
        string?[] parts =
        [
            Fraction(now) is { } fraction ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * fraction):0} %") : null,
            Fraction(now) is null ? Wording.Number(now.Done) : $"{Wording.Number(now.Done)}/{Wording.Number(now.Total!.Value)}",
            now.State ?? $"{Wording.Number((long)rate)}/s",
            now.State is null && left > 0 && rate > 0 ? $"ETA {Wording.Duration(TimeSpan.FromSeconds(left.Value / rate))}" : null,
            now.Failed > 0 ? $"{Wording.Number(now.Failed)} failed" : null,
        ];
        return string.Join("  ", parts.OfType<string>());
    }

    private static double? Fraction(Measured now) => now.Total is > 0 and var total ? Math.Clamp((double)now.Done / total, 0, 1) : null;
}
