using System.Diagnostics;

namespace CrmMail.SystemTests.Reconciliation;

/// <summary>One more Api beside that of the AppHost, with a database of the test's choice: a process that may be killed.</summary>
internal sealed class ReconcilingApi : IAsyncDisposable
{
    private readonly Process _process;

    private ReconcilingApi(Process process) => _process = process;

    public static async Task<ReconcilingApi> StartAsync(RunningApplication system, string database, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrmMail.Api", "debug", "CrmMail.Api"))
        {
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ConnectionStrings__crm"] = database,
                ["Logging__LogLevel__Default"] = "Warning",
                ["Reconciliation__ScanInterval"] = "00:00:00.2",
                ["Reconciliation__SettleTime"] = "00:00:00",
                ["Reconciliation__RequestsPerSecond"] = "200",
            },
        };
        foreach (var server in (string[])["kafka", "emailengine"])
        {
            start.Environment[$"ConnectionStrings__{server}"] = await system.Application.GetConnectionStringAsync(server, TestContext.Current.CancellationToken);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[$"Reconciliation__{key}"] = value;
        }

        return new ReconcilingApi(Process.Start(start)!);
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
