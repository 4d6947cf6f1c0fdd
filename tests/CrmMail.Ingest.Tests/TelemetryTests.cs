using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests;

public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TelemetryTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is MailTelemetry.Ingest or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task The_trace_goes_from_the_request_through_the_headers_of_the_record_and_begins_here()
    {
        const string Foreign = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(Webhook.Small, headers: [("traceparent", Foreign), ("tracestate", "foreign=1"), ("baggage", "foreign=1")])).AssertAccepted();

        var headers = ingest.Producer.Record.ReadHeaders();
        await Eventually.HoldsAsync(() => SendSpan() is { } sent && _spans.Any(span => span.SpanId == sent.ParentSpanId), () => string.Join(", ", _spans.Select(span => span.DisplayName)));
        var send = SendSpan()!;
        Assert.Equal(send.Id, headers.TraceParent);
        Assert.Equal((ActivityKind.Producer, "send mail.events"), (send.Kind, send.DisplayName));
        Assert.Equal(headers.CorrelationId.Value, send.GetTagItem(MailTelemetry.CorrelationIdTag));
        Assert.Equal("mail.events", send.GetTagItem("messaging.destination.name"));
        var request = _spans.Single(span => span.SpanId == send.ParentSpanId);
        Assert.Equal(ActivityKind.Server, request.Kind);
        Assert.Equal(send.TraceId, request.TraceId);
        Assert.NotEqual("0123456789abcdef0123456789abcdef", request.TraceId.ToHexString());
        Assert.Empty(request.Baggage);

        Activity? SendSpan() => _spans.FirstOrDefault(span => span.Source.Name == MailTelemetry.Ingest && headers.TraceParent == span.Id);
    }

    [Fact]
    public async Task A_failure_is_an_error_of_the_span_that_sends()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.NotAcknowledged, Confluent.Kafka.ErrorCode.Local_MsgTimedOut);

        (await ingest.SendAsync(Webhook.Small)).AssertProblem(503, "broker-unavailable");

        var send = _spans.Single(span => span.Id == ingest.Producer.Record.ReadHeaders().TraceParent);
        Assert.Equal(ActivityStatusCode.Error, send.Status);
        Assert.Equal("Local_MsgTimedOut", send.GetTagItem("error.type"));
    }

    /// <summary>Whatever happens to a webhook, nothing of what it carries is found in logs, metrics and spans.</summary>
    [Fact]
    public async Task Nothing_of_a_mail_an_account_or_a_signature_is_told()
    {
        const string Canary = "canary-7391";
        await using var ingest = await RunningIngest.StartAsync(("Limits:ReceiveTimeout", "00:00:00.200"), ("Limits:MaxRecordBodyBytes", "5000"));
        var mail = $$"""{"account":"{{Canary}}","event":"messageNew","data":{"subject":"{{Canary}}","from":{"address":"{{Canary}}@example.com"} } }""";
        Webhook[] webhooks =
        [
            Webhook.Signed(mail),
            Webhook.Signed(mail[..^1]),
            Webhook.Signed($$"""{"account":"{{Canary}}\u0000","event":"x"}"""),
            Webhook.Signed($$"""{"account":"{{Canary}}","event":"{{Canary}}\u0000"}"""),
            Webhook.Signed(mail.Insert(mail.Length - 1, new string(' ', 6_000))),
            Webhook.Signed(mail) with { Signature = Canary.PadRight(43, 'A') },
        ];

        foreach (var outcome in (ProduceOutcome[])[ProduceOutcome.Acknowledged, ProduceOutcome.QueueFull, ProduceOutcome.NotAcknowledged])
        {
            ingest.Producer.Fate = _ => ScriptedProducer.Ended(outcome);
            foreach (var webhook in webhooks)
            {
                await ingest.SendAsync(webhook);
            }
        }

        using (var slow = await RawConnection.OpenAsync(ingest))
        {
            await slow.WriteHeadAsync(webhooks[0], "Content-Length: 1000");
            await slow.WriteAsync(webhooks[0].Body);
            (await slow.ReadAnswerAsync()).AssertProblem(408, "receive-timeout");
        }

        ingest.Producer.Fate = _ => throw new NotSupportedException();
        await ingest.SendAsync(webhooks[0]);
        await ingest.StopAsync();

        Assert.NotEmpty(ingest.Logs.From(LogLevel.Warning));
        string[] secrets = [Canary, .. webhooks.Select(webhook => webhook.Signature!)];
        var told = ingest.Logs.All.Select(line => line.Text)
            .Concat(ingest.Measured.All.SelectMany(measured => measured.Tags.Values).Select(value => $"{value}"))
            .Concat(_spans.Select(Describe))
            .ToArray();
        Assert.Contains(told, text => text.Contains("send mail.events", StringComparison.Ordinal));
        Assert.DoesNotContain(told, text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));
    }

    public void Dispose() => _listener.Dispose();

    private static string Describe(Activity span)
    {
        var text = new StringBuilder(span.DisplayName).Append(' ').Append(span.StatusDescription);
        foreach (var (name, value) in span.TagObjects)
        {
            text.Append(' ').Append(name).Append('=').Append(value);
        }

        foreach (var happened in span.Events)
        {
            text.Append(' ').Append(happened.Name).AppendJoin(' ', happened.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        }

        return text.ToString();
    }
}
