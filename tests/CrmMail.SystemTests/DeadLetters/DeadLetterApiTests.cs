using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Processor;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.SystemTests.DeadLetters;

/// <summary>What an operator does with dead letters, over HTTP and with the services as they run.</summary>
public sealed class DeadLetterApiTests(RunningApplication system) : IAsyncLifetime
{
    private ApiClient _api = null!;
    private Mailbox _mailbox = null!;
    private IProducer<byte[], byte[]> _kafka = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Letters => $"/api/dead-letters?account={_mailbox.Account}";

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _mailbox = await Mailbox.OpenAsync(system);
        _kafka = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancel),
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        _kafka.Dispose();
        await _mailbox.DisposeAsync();
    }

    [Fact]
    public async Task From_a_letter_to_its_activity()
    {
        // The body lies in the database, by the headers, and is not there yet.
        await _mailbox.AddContactAsync("Ann", $"ann@{_mailbox.Account}.example");
        var body = Encoding.UTF8.GetBytes(_mailbox.MailFrom($"ann@{_mailbox.Account}.example", $"1@{_mailbox.Account}"));
        await ProduceAsync([], SpilledBody.Of(body));
        var letter = Assert.Single(await WaitForLettersAsync(1));
        Assert.Equal("body_missing open 1 0", Text(letter, "reason", "state", "attempt", "requeues"));

        await StoreAsync(body);
        var shown = await ReadAsync($"/api/dead-letters/{letter.GetProperty("id")}");
        Assert.Equal(Encoding.UTF8.GetString(body), shown.GetProperty("body").GetString());
        Assert.Equal(_mailbox.Account, shown.GetProperty("keyText").GetString());
        Assert.Equal("body_missing", shown.GetProperty("headers").GetProperty("dlq.reason").GetString());
        Assert.Empty(shown.GetProperty("audit").EnumerateArray());

        await RequeueAsync("open", """ "reason": "body_missing" """);
        await _mailbox.WaitForOutcomesAsync(1);
        await RequeueAsync("requeued", """ "reason": "body_missing" """);
        await ProduceAsync(Encoding.UTF8.GetBytes(_mailbox.Event("messageDeleted", """ "id": "x" """)));
        await _mailbox.WaitForOutcomesAsync(2); // That came behind what was put back.

        Assert.Equal(1, await _mailbox.CountActivitiesAsync());
        shown = await ReadAsync($"/api/dead-letters/{letter.GetProperty("id")}");
        Assert.Equal("body_missing requeued 1 2", Text(shown, "reason", "state", "attempt", "requeues"));
        Assert.Equal(["completed", "completed"], shown.GetProperty("audit").EnumerateArray().Select(entry => entry.GetProperty("result").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        await ProduceAsync("{"u8.ToArray());
        await ProduceAsync("{"u8.ToArray());
        await ProduceAsync("""{"account": "", "event": "x"}"""u8.ToArray());
        await WaitForLettersAsync(3);
        var before = await StateAsync();

        foreach (var action in new[] { "requeue", "discard" })
        {
            var plan = (await _api.PostAsync($"/api/dead-letters/{action}", $$"""{"filter": {"account": "{{_mailbox.Account}}"}, "limit": 2}""")).Json;
            Assert.Equal("False 3 2 0", Text(plan, "execute", "matches", "requeueable", "withheld"));
            Assert.Equal("decode 2, schema 1", string.Join(", ", plan.GetProperty("byReason").EnumerateArray().Select(reason => Text(reason, "reason", "count"))));
        }

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Letters_are_found_by_every_condition_and_page_by_page()
    {
        await ProduceAsync("{"u8.ToArray());
        await ProduceAsync("""{"account": "amy"}"""u8.ToArray());
        await ProduceAsync("""{"account": "", "event": "x"}"""u8.ToArray());
        var letters = await WaitForLettersAsync(3);
        var decode = letters.First(letter => letter.GetProperty("reason").GetString() == "decode");
        var at = Uri.EscapeDataString(decode.GetProperty("failedAt").GetString()!);

        Assert.Equal(Ids(letters), Ids(await _api.ReadAllAsync($"{Letters}&limit=1")));
        foreach (var (condition, found) in new[]
        {
            ("reason=decode", 1), ("reason=schema", 2), ("state=open", 3), ("state=discarded", 0), ("source=emailengine", 3), ("source=mailparse", 0), ("event=messageNew", 3), ("event=none", 0),
            ($"fingerprint={decode.GetProperty("fingerprint")}", 1), ($"from={at}&to=2100-01-01T00:00:00Z", Ids(letters).Count(id => id >= decode.GetProperty("id").GetInt64())), ($"to={at}", Ids(letters).Count(id => id < decode.GetProperty("id").GetInt64())),
        })
        {
            Assert.Equal((condition, found), (condition, (await _api.ReadAllAsync($"{Letters}&{condition}")).Count));
        }

        var cause = Assert.Single(await _api.ReadAllAsync("/api/dead-letters/stats?limit=1"), cause => cause.GetProperty("fingerprint").GetString() == decode.GetProperty("fingerprint").GetString());
        Assert.Equal("decode", cause.GetProperty("reason").GetString());
        Assert.True(cause.GetProperty("open").GetInt64() >= 1, cause.ToString());
    }

    [Fact]
    public async Task An_export_has_every_letter_with_its_bytes()
    {
        await ProduceAsync("{ text"u8.ToArray());
        await ProduceAsync([0xFF, 0xFE]);
        var ids = Ids(await WaitForLettersAsync(2));

        var export = await _api.GetAsync($"/api/dead-letters/export?account={_mailbox.Account}&state=open");

        export.AssertStatus(200);
        var lines = export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(ids.Order(), Ids(lines).Order());
        Assert.Equal(["", "{ text"], lines.Select(line => line.GetProperty("body").GetString() ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(["", "//4="], lines.Select(line => line.GetProperty("bodyBase64").GetString() ?? "").Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal("messageNew", line.GetProperty("headers").GetProperty("event").GetString()));
    }

    [Theory]
    [InlineData("""{}""", "filter")]
    [InlineData("""{"execute": true}""", "filter")]
    [InlineData("""{"filter": {"state": "open"}, "execute": true}""", "filter")]
    [InlineData("""{"filter": {"reason": "decode"}, "all": true}""", "all")]
    [InlineData("""{"filter": {"reason": "bad"}}""", "filter.reason")]
    [InlineData("""{"filter": {"reason": "decode"}, "ratePerSecond": 0}""", "ratePerSecond")]
    public async Task An_order_that_is_wrong_changes_nothing(string order, string field)
    {
        var before = await _mailbox.TextAsync("select count(*)::text from dead_letter_runs where $1 <> ''");
        (await _api.PostAsync("/api/dead-letters/requeue", order)).AssertProblem(400, "invalid-request", field);
        Assert.Equal(before, await _mailbox.TextAsync("select count(*)::text from dead_letter_runs where $1 <> ''"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var path in new[] { "/api/dead-letters/9223372036854775807", "/api/dead-letters/x", $"/api/dead-letters/runs/{Guid.NewGuid()}" })
        {
            (await _api.GetAsync(path)).AssertProblem(404, "not-found");
        }

        (await _api.PostAsync($"/api/dead-letters/runs/{Guid.NewGuid()}/cancel", "")).AssertProblem(404, "not-found");
        (await _api.GetAsync("/api/dead-letters?state=closed&reason=bad&from=yesterday")).AssertProblem(400, "invalid-request", "from");
        (await _api.GetAsync("/api/dead-letters?state=closed&reason=bad")).AssertProblem(400, "invalid-request", "state, reason");
        (await _api.GetAsync("/api/audit?action=none")).AssertProblem(400, "invalid-request", "action");
    }

    [Fact]
    public async Task Without_Kafka_a_letter_is_listed_and_cannot_be_opened()
    {
        await using var api = await ScratchApi.StartAsync(system, ("ConnectionStrings:kafka", "127.0.0.1:1"));
        await api.ExecuteAsync(
            """
            insert into dead_letters (reason, detail, fingerprint, topic, partition, "offset", dead_letter_partition, dead_letter_offset, attempt, first_failed_at, failed_at)
            values ('decode', 'It is none.', '0123456789abcdef', 'mail.events', 0, 0, 0, 0, 1, now(), now())
            """);
        var id = Assert.Single(await api.Client.ReadAllAsync("/api/dead-letters")).GetProperty("id");
        (await api.Client.GetAsync($"/api/dead-letters/{id}")).AssertProblem(503, "kafka-unavailable");
        (await api.Client.GetAsync("/api/dead-letters/export")).AssertProblem(503, "kafka-unavailable");
    }

    private async Task ProduceAsync(byte[] body, SpilledBody? spilled = null)
    {
        Assert.True(EventId.TryParse(Guid.NewGuid().ToString(), out var eventId));
        var account = AccountId.Parse(_mailbox.Account);
        var headers = new MailEventHeaders(
            MailSource.EmailEngine, "messageNew", eventId, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.EmailEngine, account, eventId), SpilledBody: spilled);
        await _kafka.ProduceAsync(MailTopics.Events, new() { Key = Encoding.UTF8.GetBytes(account.Value), Value = body, Headers = headers.ToKafka() }, Cancel);
    }

    private async Task StoreAsync(byte[] body)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", Cancel))!);
        await using var command = database.CreateCommand("insert into spilled_bodies (sha256, body) values ($1, $2)");
        command.Parameters.Add(new() { Value = SpilledBody.Of(body).ToKey() });
        command.Parameters.Add(new() { Value = body });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>Puts letters of the mailbox back, and waits until it is done.</summary>
    private async Task RequeueAsync(string state, string condition)
    {
        var accepted = await _api.PostAsync(
            "/api/dead-letters/requeue",
            $$"""{"filter": {"account": "{{_mailbox.Account}}", "state": "{{state}}", {{condition}} }, "execute": true, "note": "of a test"}""");
        accepted.AssertStatus(202);
        var path = accepted.Headers.Location!.ToString();
        Assert.Equal($"/api/dead-letters/runs/{accepted.Json.GetProperty("run").GetProperty("id")}", path);
        await WaitAsync(async () => (await ReadAsync(path)).GetProperty("state").GetString() == "completed", async () => (await ReadAsync(path)).ToString());
        Assert.Equal("1 1 0", Text(await ReadAsync(path), "total", "done", "failed"));
    }

    private async Task<List<JsonElement>> WaitForLettersAsync(int count)
    {
        await WaitAsync(async () => (await _api.ReadAllAsync(Letters)).Count == count, async () => string.Join('\n', await _api.ReadAllAsync(Letters)));
        return await _api.ReadAllAsync(Letters);
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        var answer = await _api.GetAsync(path);
        answer.AssertStatus(200);
        return answer.Json;
    }

    private Task<string> StateAsync() => _mailbox.TextAsync(
        """
        select (select string_agg(dead_letters::text, ' ' order by id) from dead_letters where account_id = $1)
            || (select count(*) from dead_letter_runs) || (select count(*) from operations_audit)
        """);

    private static async Task WaitAsync(Func<Task<bool>> condition, Func<Task<string>> seen)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come to that; seen last: {await seen()}");
            }
        }
    }

    private static List<long> Ids(IEnumerable<JsonElement> letters) => [.. letters.Select(letter => letter.GetProperty("id").GetInt64())];

    private static string Text(JsonElement json, params string[] members) => string.Join(' ', members.Select(member => json.GetProperty(member).ToString()));
}
