using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aspire.Hosting.Local;

/// <summary>Starts processes that cannot outlive this one.</summary>
/// <remarks>
/// Each process leads a session of its own, so that Ctrl-C in a terminal reaches the runner alone, and has SIGKILL as its
/// parent-death signal. Linux sends that signal when the *thread* that started the process ends (prctl(2), PR_SET_PDEATHSIG);
/// a thread of the pool may end at any time, so that one thread, which lives as long as this process, starts them all.
/// </remarks>
internal static class ProcessSpawner
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Requests = [];

    static ProcessSpawner() => new Thread(SpawnAll) { IsBackground = true, Name = "process spawner" }.Start();

    public static Task<Process> StartAsync(ProcessSpec spec, IReadOnlyDictionary<string, string> environment)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((StartInfo(spec, environment), started));
        return started.Task;
    }

    private static void SpawnAll()
    {
        foreach (var (start, started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        }
    }

    private static ProcessStartInfo StartInfo(ProcessSpec spec, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        string[] becomeUser = spec.User is { } user ? ["--reuid", user, "--regid", user, "--init-groups"] : [];
        foreach (var argument in (string[])["setpriv", .. becomeUser, "--pdeathsig", "KILL", "--", spec.FileName, .. spec.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // The AppHost's own web settings are not meant for its resources.
        foreach (var own in start.Environment.Keys.Where(key => key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(own);
        }

        foreach (var (name, value) in environment.Concat(spec.Environment))
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
