using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests;

/// <summary>A 202 is given for an acknowledgement and for nothing else; whatever else becomes of a record, the sender is told to come again.</summary>
public sealed class BrokerOutageTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(nameof(ProduceOutcome.NotAcknowledged), "broker-unavailable")]
    [InlineData(nameof(ProduceOutcome.QueueFull), "overloaded")]
    public async Task Without_an_acknowledgement_the_sender_is_told_to_come_again(string outcome, string problem)
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(Enum.Parse<ProduceOutcome>(outcome), ErrorCode.Local_MsgTimedOut);

        var answer = await ingest.SendAsync(Webhook.Small);

        answer.AssertProblem(503, problem);
        Assert.InRange(answer.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        Assert.Equal($"{problem} 1", ingest.Measured.Answers);
    }

    [Fact]
    public async Task Senders_that_were_refused_together_are_told_to_come_back_apart()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.QueueFull);

        var delays = new HashSet<TimeSpan>();
        for (var i = 0; i < 200; i++)
        {
            delays.Add((await ingest.SendAsync(Webhook.Small)).RetryAfter);
        }

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)));
        Assert.True(delays.Count > 15, $"Of 26 delays 200 answers had {delays.Count}.");
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_waited_for_five_seconds()
    {
        var clock = new Clock();
        await using var ingest = await StartAsync(clock);
        var broker = ingest.Producer.Hold();
        var answer = ingest.SendAsync(Webhook.Small);

        Assert.Equal(TimeSpan.FromSeconds(5), await clock.NextTimerAsync());
        clock.Advance(TimeSpan.FromSeconds(5) - Moment);
        Assert.False(answer.IsCompleted);
        clock.Advance(Moment);

        (await answer).AssertProblem(503, "broker-unavailable");

        // What comes after the answer changes it no more, and does no harm.
        broker.SetResult(new ProduceResult(ProduceOutcome.Acknowledged));
        Assert.Equal("broker-unavailable 1", ingest.Measured.Answers);
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestInFlight));
    }

    [Fact]
    public async Task The_time_until_the_acknowledgement_is_measured()
    {
        var clock = new Clock();
        await using var ingest = await StartAsync(clock);
        var broker = ingest.Producer.Hold();
        var answer = ingest.SendAsync(Webhook.Small);
        await clock.NextTimerAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        broker.SetResult(new ProduceResult(ProduceOutcome.Acknowledged));
        (await answer).AssertAccepted();

        var measured = Assert.Single(ingest.Measured.Of(MailTelemetry.IngestProduceDuration));
        Assert.Equal(2, measured.Value);
        Assert.Equal("acknowledged", measured.Tags[MailTelemetry.OutcomeTag]);
    }

    [Fact]
    public async Task After_three_failures_webhooks_are_refused_at_once_and_one_a_second_finds_out_whether_the_broker_is_back()
    {
        var clock = new Clock();
        await using var ingest = await StartAsync(clock);
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.NotAcknowledged, ErrorCode.Local_MsgTimedOut);
        for (var i = 0; i < CircuitBreaker.FailuresToOpen; i++)
        {
            Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestBreakerOpen));
            (await ingest.SendAsync(Webhook.Small)).AssertProblem(503, "broker-unavailable");
        }

        Assert.Equal(1, ingest.Measured.Observe(MailTelemetry.IngestBreakerOpen));
        await AssertTriedAsync(0);

        clock.Advance(CircuitBreaker.ProbeInterval - Moment);
        await AssertTriedAsync(0);
        clock.Advance(Moment);
        await AssertTriedAsync(1);
        await AssertTriedAsync(0);

        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.Acknowledged);
        await AssertTriedAsync(0);
        clock.Advance(CircuitBreaker.ProbeInterval);
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestBreakerOpen));

        // Once when it opened and once when it closed, and not for each webhook.
        Assert.Equal(
            [LogLevel.Error, LogLevel.Information],
            ingest.Logs.All.Where(line => line.Category == typeof(CircuitBreaker).FullName).Select(line => line.Level));

        async Task AssertTriedAsync(int tries)
        {
            var before = ingest.Producer.Records.Count;
            var answer = await ingest.SendAsync(Webhook.Small);
            answer.AssertProblem(503, "broker-unavailable");
            Assert.InRange(answer.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
            Assert.Equal(tries, ingest.Producer.Records.Count - before);
        }
    }

    [Theory]
    [InlineData("failed, failed", false)]
    [InlineData("failed, failed, failed", true)]
    [InlineData("failed, failed, succeeded, failed, failed", false)]
    [InlineData("lost", false)]
    [InlineData("lost, failed", true)]
    [InlineData("failed, lost", false)]
    [InlineData("lost, succeeded, failed", false)]
    [InlineData("failed, failed, failed, succeeded", false)]
    [InlineData("failed, failed, failed, succeeded, failed", false)]
    public void The_breaker_opens_by_failures_in_a_row_or_by_one_when_every_connection_is_lost(string course, bool isOpen)
    {
        var breaker = new CircuitBreaker(new Clock(), Microsoft.Extensions.Logging.Abstractions.NullLogger<CircuitBreaker>.Instance);

        foreach (var step in course.Split(", "))
        {
            switch (step)
            {
                case "failed":
                    breaker.Failed(ErrorCode.Local_MsgTimedOut);
                    break;
                case "lost":
                    breaker.BrokersLost();
                    break;
                default:
                    breaker.Succeeded();
                    break;
            }
        }

        Assert.Equal(isOpen, breaker.IsOpen);
        Assert.Equal(!isOpen, breaker.TryEnter());
        Assert.Equal(isOpen, breaker.Refuses);
    }

    [Fact]
    public async Task What_says_nothing_of_the_broker_does_not_open_the_breaker()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.QueueFull, ErrorCode.Local_QueueFull);

        for (var i = 0; i < 2 * CircuitBreaker.FailuresToOpen; i++)
        {
            (await ingest.SendAsync(Webhook.Small)).AssertProblem(503, "overloaded");
        }

        Assert.Equal(0, ingest.Measured.Observe(MailTelemetry.IngestBreakerOpen));
    }

    private static Task<RunningIngest> StartAsync(Clock clock) =>
        RunningIngest.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
}
