using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Ingest;

namespace CrmMail.SystemTests.LocalMode;

[UnsupportedOSPlatform("windows")]
public sealed class TerminalRunTests
{
    [Fact]
    public async Task A_run_says_where_everything_is_and_stops_all_of_it_when_asked()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();
        var processes = run.Descendants();

        var places = run.Places;
        Assert.Superset(
            new HashSet<string> { "api", "ingest", "emailengine", "dashboard", "kafka", "postgres", "redis", "mailparse", "apiKey", "webhookSecret", "mailparseSecret" },
            places.Keys.ToHashSet());
        using (var client = new HttpClient())
        {
            foreach (var service in (string[])["api", "ingest", "emailengine"])
            {
                using var answer = await client.GetAsync(new Uri($"{places[service]}/health"), TestContext.Current.CancellationToken);
                Assert.True(answer.IsSuccessStatusCode, $"{service} answered {answer.StatusCode}");
            }
        }

        run.Signal(PosixSignal.SIGTERM);

        Assert.Equal(0, await run.WaitForExitAsync());
        await TerminalRun.AssertGoneAsync(processes);
        Assert.Null(run.RunFile);
    }

    [Fact]
    public async Task A_run_that_is_killed_leaves_no_process_behind()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();
        var processes = run.Descendants();
        Assert.True(processes.Count >= 9, $"only {processes.Count} processes were found");

        run.KillHard();

        await TerminalRun.AssertGoneAsync(processes);
    }

    [Fact]
    public async Task A_resource_that_dies_turns_the_run_red()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();

        TerminalRun.KillHard(run.Find("CrmMail.Ingest.dll"));

        await run.WaitForLineAsync(line => line.StartsWith("ingest ended with exit code 137", StringComparison.Ordinal));
        run.Signal(PosixSignal.SIGTERM);
        Assert.Equal(1, await run.WaitForExitAsync());
    }

    [Fact]
    public async Task Without_a_Kafka_home_the_broker_of_local_mode_carries_a_mail_to_the_timeline()
    {
        await using var run = new TerminalRun(kafkaHome: "");
        await run.WaitUntilHealthyAsync();
        Assert.Contains("kafka.dll", ProcessTree.CommandLine(run.Find("KafkaBroker")), StringComparison.Ordinal);
        using var api = new ApiClient(new HttpClient { BaseAddress = new Uri(run.Places["api"]) }, run.Places["apiKey"]);
        using var webhooks = new SignedWebhooks(new HttpClient { BaseAddress = new Uri(run.Places["ingest"]) }, "/webhooks/emailengine", run.Places["webhookSecret"]);
        var bob = await api.AddContactAsync("Bob Buyer", "bob@example.org");

        Assert.Equal(HttpStatusCode.Accepted, await webhooks.StatusAsync(Encoding.UTF8.GetBytes("""
            {"account": "amy", "event": "messageNew", "path": "INBOX", "specialUse": "\\Inbox", "data": {"id": "AAAAAQAAAAE", "emailId": "1", "messageId": "<1@example.org>",
            "from": {"name": "Bob Buyer", "address": "bob@example.org"}, "to": [{"name": "Amy Adler", "address": "amy@example.com"}], "subject": "Pricing question"}}
            """), "event-1"));

        await EngineMailbox.WaitAsync(1, async () => (await api.ReadAllAsync($"/api/contacts/{bob}/timeline")).Count);
    }
}
