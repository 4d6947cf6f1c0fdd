using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KafkaConformance.Tests.Brokers;

/// <summary>A process that takes connections once it has said so.</summary>
internal sealed partial class BrokerProcess : IAsyncDisposable
{
    private const int KeptLines = 200;
    private const int SigTerm = 15;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _console = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, bool> _isReady;

    private BrokerProcess(ProcessStartInfo start, Func<string, bool> isReady)
    {
        _isReady = isReady;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The broker ended before it was ready."));
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>Its last lines.</summary>
    public string Console => string.Join('\n', _console);

    public static async Task<BrokerProcess> StartAsync(ProcessStartInfo start, Func<string, bool> isReady)
    {
        var process = new BrokerProcess(start, isReady);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        try
        {
            await process._ready.Task.WaitAsync(Deadline);
            return process;
        }
        catch (Exception exception)
        {
            await process.DisposeAsync();
            throw new InvalidOperationException($"{start.FileName} did not start. Its last lines:\n{process.Console}", exception);
        }
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        _ = Kill(_process.Id, SigTerm);
        await WaitForExitAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
    }

    private void Read(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is not { } line)
        {
            return;
        }

        _console.Enqueue(line);
        if (_console.Count > KeptLines)
        {
            _console.TryDequeue(out _);
        }

        if (_isReady(line))
        {
            _ready.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
