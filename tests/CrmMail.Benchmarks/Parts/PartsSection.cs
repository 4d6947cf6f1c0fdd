using System.Runtime.CompilerServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CrmMail.Benchmarks.Ingest;
using CrmMail.Benchmarks.Processing;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Parts;

/// <summary>What one event costs in Ingest and in the Processor before it waits for a server: time, and bytes left for the garbage collector.</summary>
internal static class PartsSection
{
    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var benchmarks in (Type[])[typeof(WebhookBenchmarks), typeof(DecodeBenchmarks)])
        {
            var summary = await Task.Run(() => BenchmarkRunner.Run(benchmarks, ConfigOf(options)), cancellationToken);
            foreach (var report in summary.Reports)
            {
                var name = $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} of {report.BenchmarkCase.Parameters["Size"]} B";
                if (report.ResultStatistics is not { } statistics)
                {
                    throw new InvalidOperationException($"{name} has no result.");
                }

                yield return new Figure($"{name}: time", statistics.Mean / 1000, "µs");
                yield return new Figure($"{name}: allocated", report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0, "B");
            }
        }
    }

    private static ManualConfig ConfigOf(BenchOptions options) => ManualConfig.CreateEmpty()
        .AddJob((options.IsSmoke ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(NullLogger.Instance)
        .WithOptions(ConfigOptions.DisableOptimizationsValidator)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "crmmail-bench"));
}
