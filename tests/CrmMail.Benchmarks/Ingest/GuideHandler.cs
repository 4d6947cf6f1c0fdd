using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Ingest;

/// <summary>The handler of Guide/webhook-handler.mjs, with the packages that ./bench installed for it.</summary>
internal static class GuideHandler
{
    /// <summary>The folder with its packages.</summary>
    public const string FolderVariable = "CRMMAIL_BENCH_GUIDE";

    public static Task<ServiceProcess> StartAsync(string kafka, string topic, CancellationToken cancellationToken)
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)
            ?? throw new InvalidOperationException($"{FolderVariable} is not set: start the benchmarks by ./bench, which installs the Node handler.");
        return ServiceProcess.StartAsync(
            "node", [Path.Combine(folder, "webhook-handler.mjs"), kafka, topic, BenchServers.WebhookSecret], [("NODE_ENV", "production")], cancellationToken);
    }
}
