using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Metrics;

/// <summary>Reads the figures of the pipeline, in one round trip.</summary>
internal sealed class PipelineReader(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How long the Processor remembers events that made no activity.</summary>
    public static readonly TimeSpan SkipsKeptFor = TimeSpan.FromDays(30);

    // In the order in which the answers are read.
    private static readonly string[] Statements =
    [
        PipelineSql.CaptureRate, PipelineSql.Duplication, PipelineSql.Latency, PipelineSql.Events, PipelineSql.Failures, PipelineSql.ContactCoverage, PipelineSql.AttachmentSuccess,
    ];

    /// <summary>The figures of a time span; the end is not in it.</summary>
    public async Task<PipelineMetrics> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var areSkipsKnown = from >= time.GetUtcNow() - SkipsKeptFor;
        await using var batch = database.CreateBatch();
        foreach (var sql in Statements)
        {
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = from.UtcDateTime }, new() { Value = to.UtcDateTime } } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var captureRate = await ReadShareAsync(reader, cancellationToken);
        var duplication = await ReadShareAsync(reader, cancellationToken);
        var latency = await ReadLatencyAsync(reader, cancellationToken);
        var failures = await ReadFailuresAsync(reader, areSkipsKnown, cancellationToken);
        var coverage = await ReadShareAsync(reader, cancellationToken);
        var attachments = await ReadShareAsync(reader, cancellationToken);
        return new PipelineMetrics(
            from, to, captureRate, duplication, latency, failures, areSkipsKnown ? coverage : Share.WithGap(MetricGap.SkipsForgotten), attachments);
    }

    private static async Task<Share> ReadShareAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var share = Share.Of(reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        return share;
    }

    private static async Task<Latency> ReadLatencyAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var mails = reader.GetInt64(1);
        var latency = reader.IsDBNull(0) || reader.GetFieldValue<double[]>(0) is not [var half, var most]
            ? new Latency(null, null, mails, MetricGap.NothingToCount)
            : new Latency(half, most, mails, null);
        await reader.NextResultAsync(cancellationToken);
        return latency;
    }

    private static async Task<Failures> ReadFailuresAsync(NpgsqlDataReader reader, bool areSkipsKnown, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var written = reader.GetInt64(0) + reader.GetInt64(1);
        await reader.NextResultAsync(cancellationToken);
        var counts = new List<(DeadLetterReason Reason, long Failed)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add((StableText.Parse<DeadLetterReason>(reader.GetString(0)), reader.GetInt64(1)));
        }

        await reader.NextResultAsync(cancellationToken);
        var failed = counts.Sum(count => count.Failed);
        var gap = !areSkipsKnown ? MetricGap.SkipsForgotten : written + failed == 0 ? MetricGap.NothingToCount : (MetricGap?)null;
        return new Failures(
            PerThousand(failed), failed, areSkipsKnown ? written + failed : null, [.. counts.Select(count => new FailureClass(count.Reason, PerThousand(count.Failed), count.Failed))], gap);

        double? PerThousand(long count) => gap is null ? 1000.0 * count / (written + failed) : null;
    }
}
