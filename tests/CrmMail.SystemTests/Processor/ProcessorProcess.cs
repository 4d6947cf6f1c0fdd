using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CrmMail.SystemTests.Processor;

/// <summary>One more Processor beside, or in place of, that of the AppHost: a process that the test may end as it likes.</summary>
internal sealed partial class ProcessorProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _console = new();
    private readonly SemaphoreSlim _newLine = new(0);
    private readonly Process _process;

    private ProcessorProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Console => _console;

    public static async Task<ProcessorProcess> StartAsync(RunningApplication system, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrmMail.Processor", "debug", "CrmMail.Processor"))
        {
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["DOTNET_ENVIRONMENT"] = "Development", ["Erasure__Keys__0"] = "a-key-of-a-test-for-erasures" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var server in (string[])["crm", "redis", "kafka"])
        {
            start.Environment[$"ConnectionStrings__{server}"] = await system.Application.GetConnectionStringAsync(server, TestContext.Current.CancellationToken);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return new ProcessorProcess(start);
    }

    /// <summary>Waits for its first partition.</summary>
    public Task WaitForPartitionsAsync() => WaitForLineAsync("is assigned");

    public async Task WaitForLineAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!_console.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            try
            {
                await _newLine.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The Processor did not write \"{text}\". Its console:\n{string.Join('\n', _console)}");
            }
        }
    }

    /// <summary>SIGTERM, as every orchestrator stops a service.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Kill(_process.Id, Terminate);
        return await WaitForExitAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await CrashAsync();
        }

        _process.Dispose();
        _newLine.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    private void Read(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is { } line)
        {
            _console.Enqueue(line);
            _newLine.Release();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
