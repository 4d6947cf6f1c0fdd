using System.Diagnostics;

namespace CrmMail.SystemTests;

/// <summary>One more process of a service beside that of the AppHost: the test may kill it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    /// <param name="system">Whose servers it uses.</param>
    /// <param name="project">The service, by the name of its project.</param>
    /// <param name="servers">The servers of the application that it connects to.</param>
    /// <param name="settings">Environment variables; of one name the last counts.</param>
    public static async Task<ServiceProcess> StartAsync(
        RunningApplication system, string project, string[] servers, params IEnumerable<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "debug", project))
        {
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Logging__LogLevel__Default"] = "Warning" },
        };
        foreach (var server in servers)
        {
            start.Environment[$"ConnectionStrings__{server}"] = await system.Application.GetConnectionStringAsync(server, TestContext.Current.CancellationToken);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await CrashAsync();
        }

        _process.Dispose();
    }
}
