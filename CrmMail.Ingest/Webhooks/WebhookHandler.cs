using System.Security.Cryptography;
using CrmMail.Contracts;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.Telemetry;
using Microsoft.Extensions.Options;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Ingest.Webhooks;

/// <summary>One webhook from its first byte to its answer. The checks that cost least come first.</summary>
internal sealed partial class WebhookHandler(
    IOptions<LimitOptions> limits,
    WebhookBodyReader bodies,
    WebhookSecrets secrets,
    WebhookIntake intake,
    IngestMetrics metrics,
    ILogger<WebhookHandler> logger)
{
    public const string InstanceParameter = "instance";

    private const string EventIdHeader = "X-EE-Wh-Event-Id";

    private readonly NetworkList _allowed = new(limits.Value.AllowedNetworks);

    public async Task HandleAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context);
        metrics.Answered(answer);
        await answer.WriteAsync(context.Response);
    }

    private async ValueTask<WebhookAnswer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!_allowed.Admits(context.Connection.RemoteIpAddress))
        {
            return WebhookAnswer.AddressNotAllowed;
        }

        if (WebhookBodyReader.IsEncoded(request))
        {
            return WebhookAnswer.EncodedBody;
        }

        if (!WebhookSignature.TryParse(request.Headers[WebhookSignature.HeaderName], out var signature))
        {
            return WebhookAnswer.InvalidSignature;
        }

        var (body, refusal) = await bodies.ReadAsync(request, context.RequestAborted);
        if (body is null)
        {
            return refusal!;
        }

        if (!secrets.TryVerify(request.RouteValues[InstanceParameter] as string, signature, body, out var secret))
        {
            return WebhookAnswer.InvalidSignature;
        }

        metrics.Verified(secret);
        var fault = WebhookEnvelope.TryRead(body, out var envelope);
        return fault == EnvelopeFault.None
            ? await intake.TakeAsync(MailSource.EmailEngine, envelope, EventId.Of(request.Headers[EventIdHeader], body), body)
            : Refuse(fault, body);
    }

    private WebhookAnswer Refuse(EnvelopeFault fault, byte[] body)
    {
        // It was signed, so it is lost for good once the sender gives up: somebody should know.
        LogRefused(fault, body.Length, Convert.ToHexStringLower(SHA256.HashData(body)));
        return fault switch
        {
            EnvelopeFault.Account => WebhookAnswer.InvalidAccount,
            EnvelopeFault.Event => WebhookAnswer.InvalidEvent,
            _ => WebhookAnswer.NotAnObject,
        };
    }

    [LoggerMessage(310, LogLevel.Warning, "A signed webhook was refused with 400: {Fault}, {Size} bytes, SHA-256 {BodyHash}")]
    private partial void LogRefused(EnvelopeFault fault, int size, string bodyHash);
}
