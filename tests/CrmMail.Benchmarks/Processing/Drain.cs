using System.Diagnostics;
using CrmMail.Benchmarks.Suite;
using Npgsql;

namespace CrmMail.Benchmarks.Processing;

/// <summary>How fast Processors write what is in Kafka.</summary>
/// <param name="Rate">Records a second.</param>
/// <param name="ProcessorSeconds">Processor time of all of them.</param>
/// <param name="Memory">The most memory of one of them, in MiB.</param>
internal sealed record Drain(double Rate, double ProcessorSeconds, double Memory)
{
    /// <summary>Waits until all events have an end. The Processors have just been started.</summary>
    public static async Task<Drain> MeasureAsync(
        NpgsqlDataSource database, IReadOnlyList<ServiceProcess> processors, int events, long records, CancellationToken cancellationToken)
    {
        // Joining the group takes seconds that are no work.
        var first = await WaitAsync(database, 1, cancellationToken);
        var (started, spent) = (Stopwatch.GetTimestamp(), processors.Sum(processor => processor.ProcessorTime.TotalSeconds));
        await WaitAsync(database, events, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Drain(
            (records - first) / seconds, processors.Sum(processor => processor.ProcessorTime.TotalSeconds) - spent, processors.Max(processor => processor.PeakMemory));
    }

    /// <summary>Waits until so many events have an end. Asked of the accounts, whose counts cost next to nothing however much there is.</summary>
    /// <returns>How many have one.</returns>
    public static async Task<long> WaitAsync(NpgsqlDataSource database, long wanted, CancellationToken cancellationToken)
    {
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        await using var count = database.CreateCommand("select coalesce(sum(incoming_count + skipped_count), 0)::bigint from accounts");
        while (true)
        {
            if ((long)(await count.ExecuteScalarAsync(cancellationToken))! is var there && there >= wanted)
            {
                return there;
            }

            await often.WaitForNextTickAsync(cancellationToken);
        }
    }
}
