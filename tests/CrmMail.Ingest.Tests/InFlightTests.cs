using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests;

/// <summary>While the broker is slow the service stays as small as it is: the next webhook is refused at once.</summary>
public sealed class InFlightTests
{
    private static readonly ProduceResult Acknowledged = new(ProduceOutcome.Acknowledged);

    [Fact]
    public async Task No_more_webhooks_wait_than_may()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxInFlightRequests", "2"));
        var broker = ingest.Producer.Hold();
        Task<Answer>[] waiting = [ingest.SendAsync(Webhook.Small), ingest.SendAsync(Webhook.Small)];
        await ingest.Producer.WaitAsync(2);

        var refused = await ingest.SendAsync(Webhook.Small);

        refused.AssertProblem(503, "overloaded");
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        Assert.Equal(2, ingest.Measured.Observe(MailTelemetry.IngestInFlight));

        broker.SetResult(Acknowledged);
        Assert.All(await Task.WhenAll(waiting), answer => answer.AssertAccepted());
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestInFlight));
        Assert.Equal("accepted 3, overloaded 1", ingest.Measured.Answers);
    }

    [Fact]
    public async Task No_more_bytes_wait_than_may()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxBodyBytes", "4096"), ("Limits:MaxInFlightBytes", "4096"));
        var broker = ingest.Producer.Hold();
        var large = ingest.SendAsync(Webhook.OfSize(3_000));
        await ingest.Producer.WaitAsync();

        (await ingest.SendAsync(Webhook.OfSize(1_097))).AssertProblem(503, "overloaded");
        var small = ingest.SendAsync(Webhook.OfSize(1_096));
        await ingest.Producer.WaitAsync();
        Assert.Equal(4_096, ingest.Measured.Observe(MailTelemetry.IngestInFlightBytes));

        broker.SetResult(Acknowledged);
        (await large).AssertAccepted();
        (await small).AssertAccepted();
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestInFlightBytes));
    }

    [Fact]
    public async Task What_is_not_signed_takes_no_place_of_what_is()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxInFlightRequests", "1"));
        var broker = ingest.Producer.Hold();
        var waiting = ingest.SendAsync(Webhook.Small);
        await ingest.Producer.WaitAsync();

        (await ingest.SendAsync(Webhook.Small with { Signature = Webhook.Sign([], "x") })).AssertProblem(401, "invalid-signature");

        broker.SetResult(Acknowledged);
        (await waiting).AssertAccepted();
    }

    [Fact]
    public async Task No_more_bytes_are_held_unverified_than_may()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxBodyBytes", "4096"), ("Limits:MaxReceivingBytes", "4096"));
        var first = Webhook.OfSize(4_000);
        using var sender = await RawConnection.OpenAsync(ingest);
        await sender.WriteHeadAsync(first, "Content-Length: 4000");
        await sender.WriteAsync(first.Body.AsMemory(0, 3_000));
        await Eventually.HoldsAsync(() => ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes) == 3_000, () => $"{ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes)} bytes");

        (await ingest.SendAsync(Webhook.OfSize(1_500))).AssertProblem(503, "overloaded");
        (await ingest.SendAsync(Webhook.OfSize(1_000))).AssertAccepted();

        await sender.WriteAsync(first.Body.AsMemory(3_000));
        (await sender.ReadAnswerAsync()).AssertAccepted();
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes));
    }
}
