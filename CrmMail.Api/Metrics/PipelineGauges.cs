using System.Diagnostics.Metrics;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Metrics;

/// <summary>
/// The figures of the last hour as instruments, read anew every minute. Every Api reports the same, for they are the database's; what is not
/// known is not reported.
/// </summary>
internal sealed partial class PipelineGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly PipelineReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger<PipelineGauges> _logger;
    private volatile PipelineMetrics? _last;

    public PipelineGauges(PipelineReader reader, IMeterFactory meters, TimeProvider time, ILogger<PipelineGauges> logger)
    {
        (_reader, _time, _logger) = (reader, time, logger);
        var meter = meters.Create(MailTelemetry.Api);
        meter.CreateObservableGauge(MailTelemetry.PipelineCaptureRate, () => Measure(_last?.CaptureRate.Value), "1");
        meter.CreateObservableGauge(MailTelemetry.PipelineDuplication, () => Measure(_last?.Duplication.Value), "1");
        meter.CreateObservableGauge(MailTelemetry.PipelineLatency, MeasureLatency, "s");
        meter.CreateObservableGauge(MailTelemetry.PipelineFailures, MeasureFailures, "{event}");
        meter.CreateObservableGauge(MailTelemetry.PipelineContactCoverage, () => Measure(_last?.ContactCoverage.Value), "1");
        meter.CreateObservableGauge(MailTelemetry.PipelineAttachmentSuccess, () => Measure(_last?.AttachmentSuccess.Value), "1");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            try
            {
                var now = _time.GetUtcNow();
                _last = await _reader.ReadAsync(now - Span, now, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                // What was true a minute ago is not true of an outage.
                _last = null;
                LogNotRead(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static IEnumerable<Measurement<double>> Measure(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private IEnumerable<Measurement<double>> MeasureLatency() => _last?.Latency is { P50Seconds: { } half, P95Seconds: { } most }
        ? [new(half, Tag(MailTelemetry.QuantileTag, "0.5")), new(most, Tag(MailTelemetry.QuantileTag, "0.95"))]
        : [];

    private IEnumerable<Measurement<double>> MeasureFailures()
    {
        if (_last?.Failures is not { Unknown: null } failures)
        {
            yield break;
        }

        // A class that did not occur is 0, not absent: an alert has to see it fall.
        foreach (var reason in Enum.GetValues<DeadLetterReason>())
        {
            yield return new(failures.Classes.FirstOrDefault(known => known.Reason == reason)?.PerThousand ?? 0, Tag(MailTelemetry.ReasonTag, reason.ToText()));
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    [LoggerMessage(460, LogLevel.Warning, "The figures of the pipeline could not be read; they are not reported until they can.")]
    private partial void LogNotRead(Exception exception);
}
