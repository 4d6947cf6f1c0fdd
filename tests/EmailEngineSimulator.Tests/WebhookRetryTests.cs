using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;
using EmailEngineSimulator.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace EmailEngineSimulator.Tests;

/// <summary>Ten attempts, 5 s after the first and then twice as long each time, up to a fifth shorter; the same event id in all of them.</summary>
public sealed class WebhookRetryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task An_event_that_is_never_accepted_is_gone_after_ten_attempts()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        simulator.Receiver.Answer = (webhook, _) => webhook.Event == Events.AccountAdded ? 500 : 200;
        var webhook = await AddAsync(simulator, "amy");

        for (var attempt = 1; attempt < 10; attempt++)
        {
            var progress = await WaitForAsync(webhook, attempt);
            Assert.Equal(WebhookState.Retrying, progress.State);
            var delay = progress.NextAttempt!.Value - _time.GetUtcNow();
            var nominal = TimeSpan.FromSeconds(5 * Math.Pow(2, attempt - 1));
            Assert.InRange(delay, nominal * 0.8, nominal);

            _time.Advance(delay - TimeSpan.FromMilliseconds(1));
            Assert.Equal(attempt, webhook.Progress.Attempts.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(WebhookState.Failed, (await WaitForAsync(webhook, 10)).State);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(made => $"{made}"),
            Received(simulator, webhook).Select(received => received.Headers["x-ee-wh-attempts-made"]));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(202, true)]
    [InlineData(204, true)]
    [InlineData(301, false)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task Only_2xx_accepts_an_event(int status, bool isAccepted)
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        RefuseOnce(simulator, status);

        var webhook = await AddAsync(simulator, "amy");

        Assert.Equal(isAccepted ? WebhookState.Delivered : WebhookState.Retrying, (await WaitForAsync(webhook, 1)).State);
    }

    [Fact]
    public async Task A_retry_is_the_same_event_in_the_same_bytes_and_tells_how_long_it_waited()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        RefuseOnce(simulator, 503);
        var webhook = await AddAsync(simulator, "amy");
        await WaitForAsync(webhook, 1);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(WebhookState.Delivered, (await WaitForAsync(webhook, 2)).State);
        var (first, second) = Received(simulator, webhook) is [var one, var two] ? (one, two) : throw new InvalidOperationException("Not two attempts.");
        Assert.Equal(first.Raw, second.Raw);
        Assert.Equal((first.EventId, first.Headers["x-ee-wh-id"]), (second.EventId, second.Headers["x-ee-wh-id"]));
        Assert.Equal(("0s", "5s"), (first.Headers["x-ee-wh-queued-time"], second.Headers["x-ee-wh-queued-time"]));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_within_30_seconds_has_failed()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        var never = new TaskCompletionSource();
        simulator.Receiver.Patience = never.Task;
        var webhook = await AddAsync(simulator, "amy");
        await simulator.Receiver.WaitForAsync("amy", Events.AccountAdded);

        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(webhook.Progress.Attempts);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("no answer within 30 s", (await WaitForAsync(webhook, 1)).Attempts[0].Error);
        simulator.Receiver.Patience = Task.CompletedTask;
    }

    [Fact]
    public async Task Stopping_waits_for_no_receiver_and_no_retry()
    {
        var simulator = await RunningSimulator.StartAsync(_time);
        simulator.Receiver.Patience = new TaskCompletionSource().Task;
        await AddAsync(simulator, "amy");
        await simulator.Receiver.WaitForAsync("amy", Events.AccountAdded);

        await simulator.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        simulator.Receiver.Patience = Task.CompletedTask;
        await simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_receiver_that_is_down_costs_attempts_and_gets_the_event_once_it_is_back()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["receiverDown"] = true });
        var webhook = await AddAsync(simulator, "amy");
        await WaitForAsync(webhook, 1);
        Assert.Empty(simulator.Receiver.All);

        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["receiverDown"] = false });
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("1", (await simulator.Receiver.WaitForAsync("amy", "accountAdded")).Headers["x-ee-wh-attempts-made"]);
    }

    [Fact]
    public async Task Deleting_an_account_discards_its_waiting_events_and_says_so()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        RefuseOnce(simulator, 500);
        var waiting = await AddAsync(simulator, "amy");
        await WaitForAsync(waiting, 1);

        await simulator.CallAsync("DELETE", "/v1/account/amy");
        await simulator.Receiver.WaitForAsync("amy", "accountDeleted");
        _time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(() => waiting.Progress.State == WebhookState.Skipped, () => $"state {waiting.Progress.State}");
        Assert.Single(simulator.Receiver.All, received => received.Event == "accountAdded");
    }

    [Fact]
    public async Task An_event_waits_for_its_retry_while_later_ones_go_through()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        RefuseOnce(simulator, 500);
        var first = await AddAsync(simulator, "amy");
        await WaitForAsync(first, 1);

        await AddAsync(simulator, "ben");
        await simulator.Receiver.WaitForAsync("ben", "accountAdded");
        _time.Advance(TimeSpan.FromSeconds(5));
        await simulator.Receiver.WaitForAsync("amy", "accountAdded", count: 2);

        Assert.Equal(
            ["amy accountAdded", "ben accountAdded", "amy accountAdded"],
            simulator.Receiver.All.Where(received => received.Event == "accountAdded").Select(received => $"{received.Account} {received.Event}"));
    }

    [Fact]
    public async Task An_event_can_be_sent_once_more_by_hand_with_the_same_event_id()
    {
        await using var simulator = await RunningSimulator.StartAsync(_time);
        var webhook = await AddAsync(simulator, "amy");
        await WaitForAsync(webhook, 1);

        await simulator.CallAsync("POST", $"/simulator/webhooks/{webhook.Id}/resend");

        var again = await simulator.Receiver.WaitForAsync("amy", "accountAdded", count: 2);
        Assert.Equal(webhook.EventId, again.EventId);
        Assert.NotEqual($"{webhook.Id}", again.Headers["x-ee-wh-id"]);
    }

    /// <summary>Registers an account and returns its first event; the rest waits for the clock.</summary>
    private static async Task<Webhook> AddAsync(RunningSimulator simulator, string account)
    {
        await simulator.CallAsync("POST", "/v1/account", Requests.Account(account, $"{account}@example.com"));
        return simulator.Service<WebhookQueue>().Last(100).Single(webhook => webhook.Account == account && webhook.Event == Events.AccountAdded);
    }

    private static async Task<WebhookProgress> WaitForAsync(Webhook webhook, int attempts)
    {
        await Eventually.HoldsAsync(() => webhook.Progress.Attempts.Count == attempts, () => $"{webhook.Progress.Attempts.Count} attempts, expected {attempts}");
        return webhook.Progress;
    }

    private static List<ReceivedWebhook> Received(RunningSimulator simulator, Webhook webhook) =>
        [.. simulator.Receiver.All.Where(received => received.EventId == webhook.EventId)];

    private static void RefuseOnce(RunningSimulator simulator, int status) =>
        simulator.Receiver.Answer = (webhook, before) => webhook is { Account: "amy", Event: Events.AccountAdded } && before == 0 ? status : 200;
}
