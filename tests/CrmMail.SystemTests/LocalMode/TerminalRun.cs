using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;

namespace CrmMail.SystemTests.LocalMode;

/// <summary>The AppHost as ./run starts it: a process of its own whose console is read, with stores and ports of its own.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class TerminalRun : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("run-");
    private readonly ConcurrentQueue<string> _console = new();
    private readonly SemaphoreSlim _newLine = new(0);
    private readonly Process _process;

    /// <param name="kafkaHome">The Apache Kafka that it runs; empty for the broker of local mode, null for what the tests themselves use.</param>
    public TerminalRun(string? kafkaHome = null)
    {
        // PostgreSQL keeps its data below this folder as a user of its own.
        _folder.UnixFileMode |= UnixFileMode.OtherExecute;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrmMail.AppHost", "debug", "CrmMail.AppHost"))
        {
            ArgumentList = { "--DcpPublisher:RandomizePorts=true" },
            Environment = { ["TMPDIR"] = _folder.FullName, ["DOTNET_ENVIRONMENT"] = "Development" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (kafkaHome is not null)
        {
            start.Environment["KAFKA_HOME"] = kafkaHome;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The contents of <c>run.json</c>, once everything was healthy.</summary>
    public IReadOnlyDictionary<string, string> Places => JsonSerializer.Deserialize<Dictionary<string, string>>(RunFile!)!;

    /// <summary>The text of <c>run.json</c>; null when there is none.</summary>
    public string? RunFile => Directory.GetFiles(_folder.FullName, "run.json", SearchOption.AllDirectories) is [var file] ? File.ReadAllText(file) : null;

    public Task WaitUntilHealthyAsync() => WaitForLineAsync(line => line.StartsWith("Everything is healthy", StringComparison.Ordinal));

    public async Task<string> WaitForLineAsync(Func<string, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            if (_console.FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            try
            {
                await _newLine.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The run did not write what was waited for. Its console:\n{string.Join('\n', _console)}");
            }
        }
    }

    public void Signal(PosixSignal signal) => _ = Kill(_process.Id, signal == PosixSignal.SIGTERM ? 15 : 2);

    public void KillHard() => _ = Kill(_process.Id, 9);

    public static void KillHard(int process) => _ = Kill(process, 9);

    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>The processes that this run started, and those that they started.</summary>
    public IReadOnlyList<int> Descendants() => ProcessTree.Descendants(_process.Id);

    /// <summary>The process of a resource, by a word of its command line.</summary>
    public int Find(string word) => Descendants().First(process => ProcessTree.CommandLine(process).Contains(word, StringComparison.Ordinal));

    /// <summary>Waits until processes have ended.</summary>
    public static async Task AssertGoneAsync(IReadOnlyList<int> processes)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (processes.Any(ProcessTree.IsAlive))
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Still there: {string.Join("; ", processes.Where(ProcessTree.IsAlive).Select(process => $"{process.ToString(CultureInfo.InvariantCulture)} {ProcessTree.CommandLine(process)}"))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        KillHard();
        await _process.WaitForExitAsync();
        await AssertGoneAsync(Descendants());
        _process.Dispose();
        _newLine.Dispose();
        _folder.Delete(recursive: true);
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
