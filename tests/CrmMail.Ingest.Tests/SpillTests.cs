using Confluent.Kafka;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests;

public sealed class SpillTests
{
    private static readonly (string, string?) SmallRecords = ("Limits:MaxRecordBodyBytes", "1000");

    [Fact]
    public async Task No_record_names_a_body_that_was_not_stored()
    {
        await using var ingest = await RunningIngest.StartAsync(SmallRecords);
        ingest.Store.IsDown = true;

        var answer = await ingest.SendAsync(Webhook.OfSize(1_001));

        answer.AssertProblem(503, "database-unavailable");
        Assert.InRange(answer.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        Assert.Empty(ingest.Producer.Records);
        (await ingest.SendAsync(Webhook.OfSize(1_000))).AssertAccepted();
    }

    [Fact]
    public async Task A_body_that_the_broker_finds_too_large_is_stored_after_all()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = record => ScriptedProducer.Ended(record.Value.Length > 0 ? ProduceOutcome.TooLarge : ProduceOutcome.Acknowledged, ErrorCode.MsgSizeTooLarge);

        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();

        var named = ingest.Producer.Records[^1].ReadHeaders().SpilledBody!;
        Assert.Equal(Webhook.Small.Body, ingest.Store.Bodies[named.Sha256Hex]);
    }

    [Fact]
    public async Task A_record_that_the_broker_finds_too_large_without_its_body_is_no_success()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.TooLarge, ErrorCode.MsgSizeTooLarge);

        (await ingest.SendAsync(Webhook.Small)).AssertProblem(503, "broker-unavailable");
    }

    [Fact]
    public async Task Nothing_is_stored_while_the_broker_is_known_to_be_away()
    {
        await using var ingest = await RunningIngest.StartAsync(SmallRecords);
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.NotAcknowledged, ErrorCode.Local_MsgTimedOut);
        for (var i = 0; i < CircuitBreaker.FailuresToOpen; i++)
        {
            (await ingest.SendAsync(Webhook.Small)).AssertProblem(503, "broker-unavailable");
        }

        (await ingest.SendAsync(Webhook.OfSize(1_001))).AssertProblem(503, "broker-unavailable");

        Assert.Empty(ingest.Store.Bodies);
    }
}
