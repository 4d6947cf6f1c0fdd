using System.Diagnostics;

namespace Aspire.Hosting.Local;

/// <summary>The running process of a resource.</summary>
internal sealed class LocalProcess : IDisposable
{
    private readonly Process _process;
    private readonly ProcessSpec _spec;
    private readonly Task _consoleClosed;

    private LocalProcess(Process process, ProcessSpec spec, Action<string, bool> onLine)
    {
        _process = process;
        _spec = spec;
        process.StandardInput.Close();
        _consoleClosed = Task.WhenAll(
            PumpAsync(process.StandardOutput, line => onLine(line, false)),
            PumpAsync(process.StandardError, line => onLine(line, true)));
        Exited = WaitForExitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code when the process has ended and its console is read to the end.</summary>
    public Task<int> Exited { get; }

    /// <param name="spec">What to start.</param>
    /// <param name="environment">Its environment variables.</param>
    /// <param name="onLine">Gets every line of its console, and whether it was written to standard error.</param>
    public static async Task<LocalProcess> StartAsync(ProcessSpec spec, IReadOnlyDictionary<string, string> environment, Action<string, bool> onLine) =>
        new(await ProcessSpawner.StartAsync(spec, environment).ConfigureAwait(false), spec, onLine);

    /// <summary>Runs a process to its end.</summary>
    public static async Task<int> RunAsync(ProcessSpec spec, Action<string, bool> onLine, CancellationToken cancellationToken)
    {
        using var process = await StartAsync(spec, new Dictionary<string, string>(), onLine).ConfigureAwait(false);
        using var _ = cancellationToken.Register(process.Kill);
        return await process.Exited.ConfigureAwait(false);
    }

    /// <summary>Asks the process to end and kills it when it does not in time.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeProvider time)
    {
        Signals.Send(Id, _spec.StopSignal);
        try
        {
            await Exited.WaitAsync(_spec.StopTimeout, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited.ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Ends the process and all that it started, at once.</summary>
    public void Kill() => Signals.SendToGroup(Id, Signal.Kill);

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        // What is left of its group would keep ports, files and its console open.
        Kill();
        await _consoleClosed.ConfigureAwait(false);
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader console, Action<string> onLine)
    {
        while (await console.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            onLine(line);
        }
    }
}
