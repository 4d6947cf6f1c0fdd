using System.Text.Json;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Ingest;

namespace CrmMail.SystemTests.Reconciliation;

/// <summary>What is in a mailbox, and never was told of, comes onto the timeline after all.</summary>
public sealed class ReconciliationTests(RunningApplication system) : IAsyncLifetime
{
    private readonly string _customer = $"bob@{Guid.NewGuid():N}.example";
    private ApiClient _api = null!;
    private EngineMailbox _mailbox = null!;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _mailbox = await EngineMailbox.ConnectAsync(system, _api);
        await _api.AddContactAsync("Bob", _customer);
    }

    public ValueTask DisposeAsync()
    {
        _mailbox.Dispose();
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Mails_that_came_while_the_receiver_was_down_are_on_the_timeline_once_also_when_their_webhooks_come_late()
    {
        await _mailbox.CallEngineAsync(HttpMethod.Put, "/simulator/switches", new { receiverDown = true });
        try
        {
            for (var mail = 0; mail < 5; mail++)
            {
                await _mailbox.ReceiveAsync(_customer, $"Lost {mail}");
            }

            var run = await ReconcileAsync();
            Assert.Equal((5, 5), (Number(run, "missing"), Number(run, "fed")));
            var timeline = await _mailbox.WaitForTimelineAsync(5);
            foreach (var item in timeline)
            {
                var activity = (await _api.GetAsync($"/api/activities/{item.GetProperty("id")}")).Json;
                Assert.Equal("reconcile", activity.GetProperty("trace").GetProperty("source").GetString());
            }
        }
        finally
        {
            await _mailbox.CallEngineAsync(HttpMethod.Put, "/simulator/switches", new { receiverDown = false });
        }

        // EmailEngine repeats each of them by itself.
        await EngineMailbox.WaitAsync(5L, () => CountSkipsAsync("emailengine", "known-mail"));
        Assert.Equal(5, (await _mailbox.WaitForTimelineAsync(5)).Count);
    }

    [Fact]
    public async Task A_mail_in_every_kind_of_folder_takes_the_way_that_its_webhook_would_have_taken()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await ReceiveAsync("INBOX", "In the inbox");
            await ReceiveAsync("Clients", "In a folder of the user");
            await ReceiveAsync("Junk", "Junk");
            await ReceiveAsync("Drafts", "Draft");
            await _mailbox.ControlAsync(HttpMethod.Post, "messages", new
            {
                folder = "Sent",
                subject = "Sent by a phone",
                from = new { address = _mailbox.Address },
                to = new[] { new { address = _customer } },
            });
        }

        var run = await ReconcileAsync();
        Assert.Equal(5, Number(run, "fed"));
        Assert.Equal(Number(run, "folders"), Number(run, "foldersDone"));
        var timeline = await _mailbox.WaitForTimelineAsync(3);
        Assert.Equal(
            ["incoming In a folder of the user", "incoming In the inbox", "sent Sent by a phone"],
            timeline.Select(item => $"{Text(item, "direction")} {Text(item, "subject")}").Order(StringComparer.Ordinal));
        await EngineMailbox.WaitAsync((1L, 1L), async () => (await CountSkipsAsync("reconcile", "junk"), await CountSkipsAsync("reconcile", "drafts")));

        // Now everything has left a trace.
        Assert.Equal(0, Number(await ReconcileAsync(), "missing"));
    }

    [Fact]
    public async Task A_mail_that_was_skipped_is_not_missing()
    {
        await _mailbox.ReceiveAsync("stranger@elsewhere.example", "From nobody known");
        await ReceiveAsync("Junk", "Junk");
        await EngineMailbox.WaitAsync(2L, () => CountSkippedMailsAsync());

        var run = await ReconcileAsync();

        Assert.Equal((2, 0), (Number(run, "seen"), Number(run, "missing")));
    }

    [Fact]
    public async Task A_draft_that_was_sent_while_nobody_listened_is_missing_from_Sent_though_it_has_kept_its_Message_ID()
    {
        const string MessageId = "<draft-and-sent@example.com>";
        object to = new[] { new { address = _customer } };
        await _mailbox.ControlAsync(HttpMethod.Post, "messages", new { folder = "Drafts", subject = "Offer", messageId = MessageId, from = new { address = _mailbox.Address }, to });
        await EngineMailbox.WaitAsync(1L, () => CountSkippedMailsAsync());
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await _mailbox.ControlAsync(HttpMethod.Post, "messages", new { folder = "Sent", subject = "Offer", messageId = MessageId, from = new { address = _mailbox.Address }, to });
        }

        Assert.Equal(1, Number(await ReconcileAsync(), "fed"));
        Assert.Equal("sent", Text(Assert.Single(await _mailbox.WaitForTimelineAsync(1)), "direction"));
    }

    [Fact]
    public async Task A_dry_run_lists_what_is_missing_and_feeds_nothing()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await _mailbox.ControlAsync(HttpMethod.Post, "messages", new { subject = "Lost", messageId = "<lost@x.example>", from = new { address = _customer } });
        }

        var run = await ReconcileAsync(execute: false);

        Assert.Equal((1, 0), (Number(run, "missing"), Number(run, "fed")));
        var missing = Assert.Single(await _api.ReadAllAsync($"/api/reconciliations/{Text(run, "id")}/mails"));
        Assert.Equal(("INBOX", "lost@x.example", false), (Text(missing, "folder"), Text(missing, "messageId"), missing.GetProperty("isFed").GetBoolean()));
        Assert.Empty(await ReadFedAsync());
        Assert.Empty(await _api.ReadAllAsync($"/api/audit?runId={Text(run, "id")}"));
    }

    [Fact]
    public async Task A_run_that_feeds_is_in_the_audit_with_its_result()
    {
        var run = await ReconcileAsync();
        var entry = Assert.Single(await _api.ReadAllAsync($"/api/audit?runId={Text(run, "id")}"));
        Assert.Equal("reconcile.start", Text(entry, "action"));
        Assert.Equal("completed", Text(entry.GetProperty("result"), "state"));
    }

    [Fact]
    public async Task What_is_fed_again_while_it_is_on_its_way_through_Kafka_changes_nothing()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await _mailbox.ReceiveAsync(_customer, "Lost");
        }

        await ReconcileAsync();
        var timeline = await _mailbox.WaitForTimelineAsync(1);

        // As a run does that finds a mail missing whose event the Processor has not come to.
        await _mailbox.RepeatAsync(system, Assert.Single(await ReadFedAsync()));
        await _mailbox.ReceiveAsync(_customer, "The next one, behind it");

        Assert.Equal(2, (await _mailbox.WaitForTimelineAsync(2)).Count);
        Assert.Single(timeline);
    }

    [Fact]
    public async Task A_mail_that_was_moved_is_known_by_its_keys()
    {
        var mail = await _mailbox.ReceiveAsync(_customer, "Moved");
        await _mailbox.WaitForTimelineAsync(1);
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await _mailbox.ControlAsync(HttpMethod.Post, $"messages/{Text(mail, "id")}/move", new { folder = "Clients" });
        }

        Assert.Equal(0, Number(await ReconcileAsync(), "missing"));
    }

    [Fact]
    public async Task Older_mails_are_left_alone()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            await ReceiveAsync("INBOX", "Old", DateTimeOffset.UtcNow.AddDays(-3));
            await ReceiveAsync("INBOX", "New");

            // Uploaded: it lies before newer ones.
            await ReceiveAsync("INBOX", "Uploaded", DateTimeOffset.UtcNow.AddDays(-5));
        }

        var run = await ReconcileAsync(since: DateTimeOffset.UtcNow.AddDays(-2));
        Assert.Equal((1, 1), (Number(run, "seen"), Number(run, "fed")));
        Assert.Equal("New", Text(Assert.Single(await _mailbox.WaitForTimelineAsync(1)), "subject"));
    }

    [Fact]
    public async Task A_folder_of_a_thousand_mails_is_read_to_its_end()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            for (var mail = 0; mail < 1000; mail++)
            {
                await _mailbox.ReceiveAsync(_customer, $"{mail}");
            }
        }

        var run = await ReconcileAsync(execute: false);

        Assert.Equal((1000, 1000), (Number(run, "seen"), Number(run, "missing")));
        var listed = await _api.ReadAllAsync($"/api/reconciliations/{Text(run, "id")}/mails?limit=200");
        Assert.Equal(1000, listed.Select(mail => Text(mail, "messageId")).Distinct().Count());
    }

    [Fact]
    public async Task A_mail_that_no_record_can_hold_goes_the_way_of_a_large_webhook()
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            var recipients = Enumerable.Range(0, 15_000).Select(n => new { address = $"{n}@{new string('a', 60)}.example" });
            await _mailbox.ControlAsync(HttpMethod.Post, "messages", new { subject = "To everybody", from = new { address = _customer }, to = recipients });
        }

        Assert.Equal(1, Number(await ReconcileAsync(), "fed"));
        Assert.Equal("To everybody", Text(Assert.Single(await _mailbox.WaitForTimelineAsync(1)), "subject"));
        Assert.Empty(Assert.Single(await ReadFedAsync()).Value);
    }

    [Fact]
    public async Task All_accounts_can_be_compared_with_one_order()
    {
        // Of the system they would be compared for a while, and other tests would wait for them.
        await using var api = await ScratchApi.StartAsync(system);
        await api.ExecuteAsync("insert into accounts (id, state) select 'account-' || n, 'connected' from generate_series(1, 3) as n");

        var answer = await api.Client.PostAsync("/api/reconciliations", """{"all":true}""");

        answer.AssertStatus(202);
        Assert.Equal(3, Number(answer.Json, "runs"));
        var runs = await api.Client.ReadAllAsync("/api/reconciliations");
        Assert.Equal(["account-1", "account-2", "account-3"], runs.Select(run => Text(run, "account")).Order());
        Assert.All(runs, run => Assert.True(run.GetProperty("isDryRun").GetBoolean()));
    }

    [Fact]
    public async Task A_run_waits_for_a_mailbox_that_is_not_connected_and_can_be_cancelled()
    {
        await _mailbox.ControlAsync(HttpMethod.Put, "server", new { behaviour = "unreachable" });
        await EngineMailbox.WaitAsync("connect-error", async () => Text(await _mailbox.ReadAsync(), "state"));
        var id = await StartAsync(execute: true);

        await EngineMailbox.WaitAsync(("running", "The mailbox is not connected."), async () => await StateAsync(id));
        (await _api.PostAsync($"/api/reconciliations/{id}/cancel", "{}")).AssertStatus(200);
        Assert.Equal("cancelled", (await StateAsync(id)).State);
    }

    [Fact]
    public async Task An_EmailEngine_that_takes_no_requests_lets_a_run_wait_and_not_fail()
    {
        await _mailbox.CallEngineAsync(HttpMethod.Put, "/simulator/switches", new { api = "rateLimited" });
        string id;
        try
        {
            id = await StartAsync(execute: true);
            await EngineMailbox.WaitAsync(("running", "EmailEngine does not answer."), async () => await StateAsync(id));
        }
        finally
        {
            await _mailbox.CallEngineAsync(HttpMethod.Put, "/simulator/switches", new { api = "works" });
        }

        await EngineMailbox.WaitAsync("completed", async () => (await StateAsync(id)).State);
    }

    [Theory]
    [InlineData("/api/accounts/nobody-has-this/reconcile", "{}", 404, "account-not-found", "")]
    [InlineData("/api/accounts/{account}/reconcile", """{"since":"2999-01-01T00:00:00Z"}""", 400, "invalid-request", "since")]
    [InlineData("/api/accounts/{account}/reconcile", """{"since":"2001-01-01T00:00:00Z"}""", 400, "invalid-request", "since")]
    [InlineData("/api/accounts/{account}/reconcile", """{"sinc":"2001-01-01T00:00:00Z"}""", 400, "invalid-request", "sinc")]
    [InlineData("/api/reconciliations", "{}", 400, "invalid-request", "all")]
    [InlineData("/api/reconciliations/0198d5a5-7c00-7000-8000-0242ac120003/cancel", "{}", 404, "not-found", "")]
    public async Task A_wrong_order_is_refused(string path, string body, int status, string type, string fields) =>
        (await _api.PostAsync(path.Replace("{account}", _mailbox.Account, StringComparison.Ordinal), body)).AssertProblem(status, type, fields);

    private async Task<JsonElement> ReconcileAsync(bool execute = true, DateTimeOffset? since = null)
    {
        var id = await StartAsync(execute, since);
        await EngineMailbox.WaitAsync(("completed", null), async () => await StateAsync(id));
        return (await _api.GetAsync($"/api/reconciliations/{id}")).Json;
    }

    private async Task<string> StartAsync(bool execute, DateTimeOffset? since = null)
    {
        var answer = await _api.PostAsync($"{_mailbox.Path}/reconcile", JsonSerializer.Serialize(new { execute, since }));
        answer.AssertStatus(202);
        Assert.Equal($"/api/reconciliations/{Text(answer.Json, "id")}", answer.Headers.Location?.ToString());
        return Text(answer.Json, "id");
    }

    private async Task<(string State, string? Error)> StateAsync(string id)
    {
        var run = (await _api.GetAsync($"/api/reconciliations/{id}")).Json;
        return (Text(run, "state"), run.GetProperty("error").GetString());
    }

    private Task<JsonElement> ReceiveAsync(string folder, string subject, DateTimeOffset? date = null) =>
        _mailbox.ControlAsync(HttpMethod.Post, "messages", new { folder, subject, from = new { address = _customer }, date });

    /// <summary>The records that a run has put into Kafka.</summary>
    private async Task<List<Confluent.Kafka.Message<byte[], byte[]>>> ReadFedAsync() =>
    [
        .. (await (await EventLog.OfAsync(system)).ReadAsync(_mailbox.Account))
            .Select(record => record.Message)
            .Where(message => Contracts.MailEventHeaders.TryRead(message.Headers, out var headers, out _) && headers.Source == Contracts.MailSource.Reconcile),
    ];

    private Task<long> CountSkipsAsync(string source, string reason) => _mailbox.CountAsync(system, $"source = '{source}' and reason = '{reason}'");

    private Task<long> CountSkippedMailsAsync() => _mailbox.CountAsync(system, "event = 'messageNew'");

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
