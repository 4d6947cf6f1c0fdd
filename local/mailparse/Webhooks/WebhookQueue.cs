using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace MailParseSimulator.Webhooks;

/// <summary>One worker sends webhooks one after the other. A failed one goes to the end of the queue after its delay, so retries change the order.</summary>
internal sealed partial class WebhookQueue(
    WebhookSender sender, IOptions<SimulatorOptions> options, TimeProvider time, ILogger<WebhookQueue> logger) : BackgroundService
{
    private readonly Channel<Webhook> _ready = Channel.CreateUnbounded<Webhook>(new UnboundedChannelOptions { SingleReader = true });

    public void Enqueue(Webhook webhook) => _ready.Writer.TryWrite(webhook);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var webhook in _ready.Reader.ReadAllAsync(stoppingToken))
        {
            if (!await sender.TrySendAsync(webhook, stoppingToken))
            {
                TryAgain(webhook with { Attempts = webhook.Attempts + 1 }, stoppingToken);
            }
        }
    }

    private void TryAgain(Webhook webhook, CancellationToken stoppingToken)
    {
        if (webhook.Attempts >= options.Value.Attempts)
        {
            LogGivenUp(webhook.Inbox, webhook.Attempts);
            return;
        }

        var delay = options.Value.RetryDelay * Math.Pow(2, webhook.Attempts - 1);
        _ = EnqueueAfterAsync(webhook, delay, stoppingToken);
    }

    private async Task EnqueueAfterAsync(Webhook webhook, TimeSpan delay, CancellationToken stoppingToken)
    {
        await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Enqueue(webhook);
    }

    [LoggerMessage(1, LogLevel.Warning, "A webhook for inbox {Inbox} was given up after {Attempts} attempts; the listing has its mail")]
    private partial void LogGivenUp(string inbox, int attempts);
}
