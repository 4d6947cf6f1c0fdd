using CrmMail.Contracts;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.Telemetry;
using CrmMail.Ingest.Webhooks;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse;

/// <summary>
/// One webhook of MailParse from its first byte to its answer. Nothing of a signed body is refused: what breaks the contract
/// (docs/mailparse.schema.json) becomes a dead letter in the Processor.
/// </summary>
internal sealed class MailParseHandler(
    IOptions<WebhookOptions> options,
    WebhookBodyReader bodies,
    WebhookSecrets secrets,
    WebhookIntake intake,
    IngestMetrics metrics,
    TimeProvider time)
{
    public const string InboxParameter = "inbox";

    private readonly TimeSpan _tolerance = options.Value.MailParse.TimestampTolerance;
    private readonly NetworkList _allowed = new(options.Value.MailParse.AllowedNetworks);

    public async Task HandleAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context);
        metrics.Answered(answer);
        await answer.WriteAsync(context.Response);
    }

    private async ValueTask<WebhookAnswer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MailParseInbox.TryParse(request.RouteValues[InboxParameter] as string, out var inbox))
        {
            return WebhookAnswer.NotFound;
        }

        if (!_allowed.Admits(context.Connection.RemoteIpAddress))
        {
            return WebhookAnswer.AddressNotAllowed;
        }

        if (WebhookBodyReader.IsEncoded(request))
        {
            return WebhookAnswer.EncodedBody;
        }

        var headers = request.Headers;
        if (!MailParseSignature.TryParse(headers[MailParseSignature.TimestampHeaderName], headers[MailParseSignature.HeaderName], out var signature)
            || !signature.IsFresh(time.GetUtcNow(), _tolerance))
        {
            return WebhookAnswer.InvalidSignature;
        }

        var (body, refusal) = await bodies.ReadAsync(request, context.RequestAborted);
        if (body is null)
        {
            return refusal!;
        }

        if (!secrets.TryVerify(signature, body, out var secret))
        {
            return WebhookAnswer.InvalidSignature;
        }

        metrics.Verified(secret);
        return await intake.TakeAsync(MailSource.MailParse, MailParseEvent.In(inbox), PayloadIdentity.Of(body), body);
    }
}
