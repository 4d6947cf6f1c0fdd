using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmMail.Ingest.Tests;

/// <summary>A webhook that has begun when the service is told to stop is answered, and by what really became of it.</summary>
public sealed class ShutdownTests
{
    [Theory]
    [InlineData(nameof(ProduceOutcome.Acknowledged), 202)]
    [InlineData(nameof(ProduceOutcome.NotAcknowledged), 503)]
    public async Task Who_waits_for_the_broker_gets_its_answer(string outcome, int status)
    {
        await using var ingest = await RunningIngest.StartAsync();
        var broker = ingest.Producer.Hold();
        Task<Answer>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => ingest.SendAsync(Webhook.Small))];
        await ingest.Producer.WaitAsync(waiting.Length);

        var stopped = await BeginToStopAsync(ingest);
        Assert.False(stopped.IsCompleted);
        broker.SetResult(new ProduceResult(Enum.Parse<ProduceOutcome>(outcome), ErrorCode.Local_MsgTimedOut));

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(status, answer.Status));
        await stopped;
    }

    [Fact]
    public async Task Who_waits_for_a_broker_that_never_answers_gets_a_503()
    {
        var clock = new Clock();
        await using var ingest = await RunningIngest.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        ingest.Producer.Hold();
        var waiting = ingest.SendAsync(Webhook.Small);
        await clock.NextTimerAsync();

        var stopped = await BeginToStopAsync(ingest);
        clock.Advance(EventPublisher.AckTimeout);

        (await waiting).AssertProblem(503, "broker-unavailable");
        await stopped;
    }

    [Fact]
    public async Task Who_is_still_sending_is_waited_for()
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);
        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {Webhook.Small.Body.Length}");
        await sender.WriteAsync(Webhook.Small.Body.AsMemory(0, 1));
        await Eventually.HoldsAsync(() => ingest.Measured.Observe(MailTelemetry.IngestReceivingBytes) == 1, () => "not a byte");

        var stopped = await BeginToStopAsync(ingest);
        await sender.WriteAsync(Webhook.Small.Body.AsMemory(1));

        (await sender.ReadAnswerAsync()).AssertAccepted();
        await stopped;
        Assert.Single(ingest.Producer.Records);
    }

    [Fact]
    public async Task Nobody_new_is_taken()
    {
        await using var ingest = await RunningIngest.StartAsync();
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();

        await ingest.StopAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => ingest.SendAsync(Webhook.Small));
        Assert.Single(ingest.Producer.Records);
    }

    private static async Task<Task> BeginToStopAsync(RunningIngest ingest)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ingest.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        var stopped = ingest.StopAsync();
        await stopping.Task;
        return stopped;
    }
}
