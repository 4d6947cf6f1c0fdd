using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace CrmMail.Ingest.Webhooks;

/// <summary>
/// Every answer to a webhook. Problems are RFC 9457 details, written once and sent as they are; their types are stable. EmailEngine
/// takes anything but 2xx as a failure and sends the event again.
/// </summary>
internal sealed class WebhookAnswer
{
    public static readonly WebhookAnswer Accepted = new();

    public static readonly WebhookAnswer NotAnObject = new(400, "invalid-event", "The body is not an event.", "The body is not one JSON object.");

    public static readonly WebhookAnswer InvalidAccount = new(400, "invalid-event", "The body is not an event.", field: "account", fault: "The name of the account is missing or unusable.");

    public static readonly WebhookAnswer InvalidEvent = new(400, "invalid-event", "The body is not an event.", field: "event", fault: "The name of the event is missing or unusable.");

    public static readonly WebhookAnswer MalformedRequest = new(400, "malformed-request", "The request could not be read.");

    /// <summary>One answer whatever the cause: a missing header, another secret, another body, an unknown instance.</summary>
    public static readonly WebhookAnswer InvalidSignature = new(401, "invalid-signature", "The signature is missing or wrong.");

    public static readonly WebhookAnswer AddressNotAllowed = new(403, "address-not-allowed", "Webhooks are not taken from this address.");

    public static readonly WebhookAnswer NotFound = new(404, "not-found", "There is nothing at this address.");

    public static readonly WebhookAnswer MethodNotAllowed = new(405, "method-not-allowed", "This address does not take the method.");

    public static readonly WebhookAnswer ReceiveTimeout = new(408, "receive-timeout", "The body did not arrive in time.");

    public static readonly WebhookAnswer BodyTooLarge = new(413, "body-too-large", "The body is too large.");

    public static readonly WebhookAnswer EncodedBody = new(415, "encoded-body", "The body is encoded.", "Content-Encoding must be absent or identity: the signature is over the bytes as they are.");

    public static readonly WebhookAnswer RateLimited = new(429, "rate-limited", "Too many webhooks from this address.");

    /// <summary>Nobody reads it; 499 is what proxies and dashboards know such a request by.</summary>
    public static readonly WebhookAnswer SenderGone = new(499, "sender-gone", "The sender hung up before its body was there.");

    public static readonly WebhookAnswer InternalError = new(500, "internal-error", "The request failed for no fault of yours.");

    public static readonly WebhookAnswer Overloaded = new(503, "overloaded", "Too many webhooks are waiting.", "Nothing was stored. Send the event again.");

    public static readonly WebhookAnswer BrokerUnavailable = new(503, "broker-unavailable", "The event could not be stored.", "Its log did not confirm it in time. Send the event again.");

    public static readonly WebhookAnswer DatabaseUnavailable = new(503, "database-unavailable", "The event could not be stored.", "The store of large bodies did not confirm it in time. Send the event again.");

    private const string ProblemTypes = "https://crmmail.dev/problems/";
    private const int MinRetryAfter = 5;
    private const int MaxRetryAfter = 30;

    // Apart from each other, so that senders which were refused together do not return together.
    private static readonly StringValues[] RetryAfter =
        [.. Enumerable.Range(MinRetryAfter, MaxRetryAfter - MinRetryAfter + 1).Select(seconds => new StringValues(seconds.ToString(CultureInfo.InvariantCulture)))];

    private readonly byte[] _body;

    private WebhookAnswer()
    {
        Status = StatusCodes.Status202Accepted;
        Name = "accepted";
        _body = [];
    }

    private WebhookAnswer(int status, string name, string title, string? detail = null, string? field = null, string? fault = null)
    {
        Status = status;
        Name = name;
        _body = Problem(status, name, title, detail, field, fault);
    }

    public int Status { get; }

    /// <summary>The last part of the problem type, or <c>accepted</c>.</summary>
    public string Name { get; }

    /// <summary>Writes the answer. Takes no cancellation: the time to receive a body may have run out while the broker was waited for.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentLength = _body.Length;
        switch (Status)
        {
            case StatusCodes.Status202Accepted:
                return;
            case StatusCodes.Status401Unauthorized:
                // RFC 9110, section 11.6.1: a 401 names a scheme.
                response.Headers.WWWAuthenticate = "HMAC-SHA256";
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = RetryAfter[Random.Shared.Next(RetryAfter.Length)];
                break;
        }

        response.ContentType = "application/problem+json";
        await response.Body.WriteAsync(_body, CancellationToken.None);
    }

    private static byte[] Problem(int status, string name, string title, string? detail, string? field, string? fault)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", ProblemTypes + name);
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            if (detail is not null)
            {
                json.WriteString("detail", detail);
            }

            if (field is not null)
            {
                json.WriteStartObject("errors");
                json.WriteStartArray(field);
                json.WriteStringValue(fault);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
