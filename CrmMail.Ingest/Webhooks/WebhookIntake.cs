using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.Spill;
using Microsoft.Extensions.Options;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Ingest.Webhooks;

/// <summary>
/// Takes a verified event for good, or says that it did not: the body to PostgreSQL if it is too large for a record, then the record
/// to Kafka. Nothing here ends when the sender hangs up.
/// </summary>
internal sealed class WebhookIntake(
    InFlightGate gate, CircuitBreaker breaker, EventPublisher publisher, ISpilledBodyStore spill, TimeProvider time, IOptions<LimitOptions> limits)
{
    private readonly int _maxRecordBodyBytes = limits.Value.MaxRecordBodyBytes;

    /// <summary>Takes an event.</summary>
    /// <param name="source">Who tells of it.</param>
    /// <param name="envelope">Its account and name.</param>
    /// <param name="eventId">The same over all its deliveries.</param>
    /// <param name="body">The raw body.</param>
    public async ValueTask<WebhookAnswer> TakeAsync(MailSource source, WebhookEnvelope envelope, EventId eventId, byte[] body)
    {
        if (!gate.TryEnter(body.Length))
        {
            return WebhookAnswer.Overloaded;
        }

        try
        {
            var correlationId = CorrelationId.Of(source, envelope.Account, eventId);
            var headers = new MailEventHeaders(source, envelope.Event, eventId, time.GetUtcNow(), correlationId);
            if (body.Length > _maxRecordBodyBytes)
            {
                return await SpillAsync(envelope.Account, headers, body);
            }

            // A topic that was made by hand may take less than this build asks for; the body is spilled then too.
            var outcome = await publisher.PublishAsync(envelope.Account, headers, body);
            return outcome == ProduceOutcome.TooLarge
                ? await SpillAsync(envelope.Account, headers, body)
                : AnswerTo(outcome);
        }
        finally
        {
            gate.Leave(body.Length);
        }
    }

    /// <summary>First the body and then the record that names it: a record never points at nothing.</summary>
    private async Task<WebhookAnswer> SpillAsync(AccountId account, MailEventHeaders headers, byte[] body)
    {
        // Nobody would ever point at a body that is stored while the broker is away.
        if (breaker.Refuses)
        {
            return WebhookAnswer.BrokerUnavailable;
        }

        var spilled = SpilledBody.Of(body);
        if (!await spill.TryStoreAsync(spilled, body, headers.CorrelationId))
        {
            return WebhookAnswer.DatabaseUnavailable;
        }

        return AnswerTo(await publisher.PublishAsync(account, headers with { SpilledBody = spilled }, []));
    }

    private static WebhookAnswer AnswerTo(ProduceOutcome outcome) => outcome switch
    {
        ProduceOutcome.Acknowledged => WebhookAnswer.Accepted,
        ProduceOutcome.QueueFull => WebhookAnswer.Overloaded,
        _ => WebhookAnswer.BrokerUnavailable,
    };
}
