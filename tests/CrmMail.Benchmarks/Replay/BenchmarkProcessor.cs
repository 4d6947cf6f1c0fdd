using CrmMail.Processor;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmMail.Benchmarks.Replay;

/// <summary>The Processor in this process.</summary>
internal static class BenchmarkProcessor
{
    /// <summary>What takes in live events; what else is to be measured is added.</summary>
    public static HostApplicationBuilder CreateBuilder(string database, string kafka, string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:crm"] = database,
            ["ConnectionStrings:kafka"] = kafka,
            ["ConnectionStrings:redis"] = redis,
            ["Consumer:GroupId"] = $"benchmark-{Guid.NewGuid():n}",
            ["Erasure:Keys:0"] = "a-key-of-a-benchmark",
            ["Deduplication:Namespace"] = $"benchmark-{Guid.NewGuid():n}",
        });
        builder.Services.AddMetrics();
        builder.AddServers();
        builder.AddPipeline();
        return builder;
    }
}
