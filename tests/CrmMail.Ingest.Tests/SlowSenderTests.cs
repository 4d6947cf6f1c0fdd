using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests;

public sealed class SlowSenderTests
{
    private static readonly (string, string?) ShortTimeout = ("Limits:ReceiveTimeout", "00:00:00.300");

    [Fact]
    public async Task A_body_that_does_not_arrive_in_time_is_answered_and_forgotten()
    {
        await using var ingest = await RunningIngest.StartAsync(ShortTimeout);
        using var sender = await StartAsync(ingest);

        (await sender.ReadAnswerAsync()).AssertProblem(408, "receive-timeout");

        Assert.Equal("receive-timeout 1", ingest.Measured.Answers);
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes));
        Assert.Empty(ingest.Producer.Records);
        Assert.Equal("", ingest.Logs.From(LogLevel.Warning));
    }

    [Theory]
    [InlineData(nameof(ProduceOutcome.Acknowledged), 202, "accepted")]
    [InlineData(nameof(ProduceOutcome.NotAcknowledged), 503, "broker-unavailable")]
    public async Task The_time_to_receive_a_body_says_nothing_of_the_time_that_the_broker_takes(string outcome, int status, string answerName)
    {
        await using var ingest = await RunningIngest.StartAsync(ShortTimeout);
        var broker = ingest.Producer.Hold();
        var waiting = ingest.SendAsync(Webhook.Small);
        await ingest.Producer.WaitAsync();

        // It came later and has the same time: when it is over, that of the first is as well.
        using var later = await StartAsync(ingest);
        (await later.ReadAnswerAsync()).AssertProblem(408, "receive-timeout");
        broker.SetResult(new ProduceResult(Enum.Parse<ProduceOutcome>(outcome)));

        Assert.Equal(status, (await waiting).Status);
        Assert.Equal(string.Join(", ", new[] { $"{answerName} 1", "receive-timeout 1" }.Order(StringComparer.Ordinal)), ingest.Measured.Answers);
    }

    [Fact]
    public async Task A_sender_that_is_cut_off_within_the_body_leaves_nothing_behind()
    {
        await using var ingest = await RunningIngest.StartAsync();
        var sender = await StartAsync(ingest);
        await Eventually.HoldsAsync(() => ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes) == Webhook.Small.Body.Length - 1, () => $"{ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes)} bytes");

        sender.Cut();

        await Eventually.HoldsAsync(() => ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes) == 0, () => $"{ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes)} bytes");
        await Eventually.HoldsAsync(() => ingest.Measured.Answers == "sender-gone 1", () => ingest.Measured.Answers);
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        Assert.Equal("", ingest.Logs.From(LogLevel.Warning));
    }

    [Fact]
    public async Task An_event_whose_sender_is_cut_off_while_the_broker_is_waited_for_is_seen_through()
    {
        await using var ingest = await RunningIngest.StartAsync();
        var broker = ingest.Producer.Hold();
        var sender = await RawConnection.OpenAsync(ingest);
        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {Webhook.Small.Body.Length}");
        await sender.WriteAsync(Webhook.Small.Body);
        await ingest.Producer.WaitAsync();
        Assert.Equal(1, ingest.Measured.Observe(MailTelemetry.IngestInFlight));

        sender.Cut();
        broker.SetResult(new ProduceResult(ProduceOutcome.Acknowledged));

        await Eventually.HoldsAsync(() => ingest.Measured.Answers == "accepted 1", () => ingest.Measured.Answers);
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestInFlight));
        Assert.Equal("", ingest.Logs.From(LogLevel.Warning));
    }

    /// <summary>All but the last byte of a body.</summary>
    private static async Task<RawConnection> StartAsync(RunningIngest ingest)
    {
        var sender = await RawConnection.OpenAsync(ingest);
        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {Webhook.Small.Body.Length}");
        await sender.WriteAsync(Webhook.Small.Body.AsMemory(0, Webhook.Small.Body.Length - 1));
        return sender;
    }
}
