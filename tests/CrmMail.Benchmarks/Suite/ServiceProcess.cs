using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CrmMail.Benchmarks.Suite;

/// <summary>A process that answers HTTP, and what it costs.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"{start.FileName} ended: {string.Join(" | ", Lines())}"));
    }

    /// <summary>Where it answers, by its own word.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Processor time that it has spent.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory, in MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Resident memory at its most, in MiB.</summary>
    public double PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Starts a program, and waits until it says where it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended; its last lines are in the message.</exception>
    public static async Task<ServiceProcess> StartAsync(
        string program, IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var service = new ServiceProcess(start);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        service.Address = await service._address.Task.WaitAsync(StartDeadline, cancellationToken);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 10)
            {
                _lastLines.Dequeue();
            }
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{match.Groups[1].Value}")));
        }
    }

    private string[] Lines()
    {
        lock (_lastLines)
        {
            return [.. _lastLines];
        }
    }

    [GeneratedRegex("Now listening on: http://[^:]+:([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
