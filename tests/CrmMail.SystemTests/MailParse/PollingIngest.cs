using System.Diagnostics;

namespace CrmMail.SystemTests.MailParse;

/// <summary>One more Ingest beside that of the AppHost, which reads an inbox with its cursors in a database of the test's choice: a process that may be killed.</summary>
internal sealed class PollingIngest : IAsyncDisposable
{
    private readonly Process _process;

    private PollingIngest(Process process) => _process = process;

    public static async Task<PollingIngest> StartAsync(RunningApplication system, MailParseClient mailParse, string database, string inbox) =>
        new(Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrmMail.Ingest", "debug", "CrmMail.Ingest"))
        {
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ConnectionStrings__crm"] = database,
                ["ConnectionStrings__kafka"] = await system.Application.GetConnectionStringAsync("kafka", TestContext.Current.CancellationToken),
                ["Logging__LogLevel__Default"] = "Warning",
                ["Webhooks__Secrets__0"] = system.WebhookSecret,
                ["MailParse__Polling__BaseUrl"] = mailParse.ListingUrl.AbsoluteUri,
                ["MailParse__Polling__Token"] = system.MailParseToken,
                ["MailParse__Polling__Inboxes__0"] = inbox,
                ["MailParse__Polling__PageSize"] = "3",
                ["MailParse__Polling__Interval"] = "00:00:01",
            },
        })!);

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
