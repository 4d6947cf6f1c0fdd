using Confluent.Kafka;

namespace CrmMail.Ingest.Kafka;

/// <summary>
/// Builds the producer before the first webhook, so that a wrong setting ends the start; and stops after the web server, when no
/// webhook waits any more: what senders that hung up have left in the queue is still delivered.
/// </summary>
internal sealed partial class ProducerShutdown(IProducer<byte[], byte[]> producer, ILogger<ProducerShutdown> logger) : IHostedService
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Flush blocks its thread.
        var left = await Task.Run(() => producer.Flush(FlushTimeout), CancellationToken.None);
        if (left > 0)
        {
            LogLeft(left);
        }
    }

    [LoggerMessage(120, LogLevel.Warning, "{Count} events were not acknowledged before the end. None of them was answered with 2xx")]
    private partial void LogLeft(int count);
}
