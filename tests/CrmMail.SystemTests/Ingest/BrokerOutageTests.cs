using System.Diagnostics;
using System.Net;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Ingest;

public sealed class BrokerOutageTests(RunningApplication system)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Five seconds for the broker, and what a busy machine adds.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(8);

    private readonly string _account = $"account-{Guid.NewGuid():N}";
    private readonly List<string> _accepted = [];

    [Fact]
    public async Task While_Kafka_is_away_senders_are_told_to_come_again_and_nothing_that_was_accepted_is_lost()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var webhooks = new SignedWebhooks(system, "/webhooks/emailengine", system.WebhookSecret);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await SendAsync(webhooks));
        }

        Assert.True((await system.Application.ResourceCommands.ExecuteCommandAsync("kafka", KnownResourceCommands.StopCommand, deadline.Token)).Success);
        try
        {
            // The first may find out, those that follow are refused at once.
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(webhooks));
            }
        }
        finally
        {
            Assert.True((await system.Application.ResourceCommands.ExecuteCommandAsync("kafka", KnownResourceCommands.StartCommand, deadline.Token)).Success);
            await system.WaitUntilHealthyAsync("kafka", deadline.Token);
            await system.WaitUntilHealthyAsync("processor", deadline.Token);
        }

        while (await SendAsync(webhooks) != HttpStatusCode.Accepted)
        {
            Assert.False(deadline.IsCancellationRequested, "Kafka is back, and webhooks are refused still.");
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await SendAsync(webhooks));
        }

        var log = await (await EventLog.OfAsync(system)).ReadAsync(_account);
        var written = log.Select(record => MailEventHeaders.TryRead(record.Message.Headers, out var headers, out _) ? headers.EventId.Value : "no headers").ToList();
        Assert.Empty(_accepted.Except(written));

        // One sender, one account: what it was told in order stands in order.
        Assert.Equal(_accepted, written.Where(_accepted.Contains));
    }

    /// <summary>Sends one webhook and holds its answer against what every answer promises.</summary>
    private async Task<HttpStatusCode> SendAsync(SignedWebhooks webhooks)
    {
        var eventId = Guid.NewGuid().ToString();
        var started = Stopwatch.GetTimestamp();
        using var answer = await webhooks.SendAsync(Encoding.UTF8.GetBytes($$"""{"account":"{{_account}}","event":"trackOpen"}"""), eventId);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, LongestAnswer);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            _accepted.Add(eventId);
        }
        else
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        }

        return answer.StatusCode;
    }
}
