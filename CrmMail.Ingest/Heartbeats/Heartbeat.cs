using CrmMail.Ingest.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Ingest.Heartbeats;

/// <summary>
/// Beats while events can be put into Kafka. A pause of all Ingests that is longer than EmailEngine's patience lets the Api compare the
/// mailboxes. Nothing waits for it and nothing fails by it: a beat that is lost costs a comparison at worst.
/// </summary>
internal sealed partial class Heartbeat(
    HeartbeatTable table, BrokerCheck broker, CircuitBreaker breaker, FatalError fatal, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly HealthCheckContext Context = new();

    private bool _isBeating = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: webhooks are taken without it.
                Lost(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (fatal.Seen is not null || breaker.IsOpen || (await broker.CheckHealthAsync(Context, cancellationToken)).Status != HealthStatus.Healthy)
        {
            Lost(null);
            return;
        }

        await table.BeatAsync(cancellationToken);
        if (!_isBeating)
        {
            _isBeating = true;
            LogBeatsAgain();
        }
    }

    /// <summary>Says it once for each pause.</summary>
    private void Lost(Exception? exception)
    {
        if (_isBeating)
        {
            _isBeating = false;
            LogLost(exception);
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "The heartbeat pauses: Kafka, or the database that it is written to, does not answer")]
    private partial void LogLost(Exception? exception);

    [LoggerMessage(211, LogLevel.Information, "The heartbeat goes on")]
    private partial void LogBeatsAgain();
}
