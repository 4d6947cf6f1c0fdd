using CrmMail.Contracts;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Ingest;
using CrmMail.SystemTests.Schema;

namespace CrmMail.SystemTests.Reconciliation;

/// <summary>Runs that nobody asks for, and what runs survive.</summary>
public sealed class AutomaticTests(RunningApplication system) : IAsyncLifetime
{
    private ApiClient _api = null!;
    private EngineMailbox _mailbox = null!;
    private ScratchDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _mailbox = await EngineMailbox.ConnectAsync(system, _api);
        _database = await ScratchDatabase.CreateAsync(system, Cancel);
        await _database.MigrateAsync(Cancel);
        await _database.ExecuteAsync($"insert into accounts (id, state, created_at) values ('{_mailbox.Account}', 'connected', now() - interval '10 days')", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _mailbox.Dispose();
        _api.Dispose();
    }

    [Fact]
    public async Task After_a_long_pause_of_Ingest_every_account_is_compared_once_though_two_Apis_look()
    {
        await LoseAsync(20);
        await BeatAsync("2 hours", "41 minutes");
        await BeatAsync("5 minutes", "0 minutes");

        await using var one = await ReconcilingApi.StartAsync(system, _database.ConnectionString);
        await using var other = await ReconcilingApi.StartAsync(system, _database.ConnectionString);

        await WaitForRunsAsync("ingest-outage completed 20 fed since 24 h");
        Assert.Equal(20, (await ReadFedAsync()).Count);

        // Another pause is another run; a short one is none.
        await BeatAsync("10 hours", "3 hours");
        await BeatAsync("12 hours", "10 hours 29 minutes");
        await BeatAsync("20 hours", "13 hours");
        await WaitForRunsAsync("ingest-outage completed 20 fed since 24 h, ingest-outage completed 20 fed since 24 h, ingest-outage completed 20 fed since 24 h");
        Assert.Equal(3L, await _database.QueryAsync<long>("select count(*) from operations_audit where actor = 'system' and action = 'reconcile.start'", Cancel));
    }

    [Fact]
    public async Task Ingest_leaves_a_trace_of_the_time_in_which_it_can_take_webhooks()
    {
        await using var crm = Npgsql.NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", Cancel))!);
        await using var command = crm.CreateCommand("select count(*) from ingest_heartbeats where beat_at > now() - interval '1 minute'");
        await EngineMailbox.WaitAsync(1L, async () => (long)(await command.ExecuteScalarAsync(Cancel))!);
    }

    [Fact]
    public async Task A_mailbox_that_comes_back_is_compared()
    {
        await using var reconciling = await ReconcilingApi.StartAsync(system, (await system.Application.GetConnectionStringAsync("crm", Cancel))!);
        await _mailbox.ControlAsync(HttpMethod.Put, "server", new { behaviour = "refusesPassword" });
        await EngineMailbox.WaitAsync("authentication-error", StateAsync);
        await _mailbox.ControlAsync(HttpMethod.Put, "server", new { behaviour = "healthy" });
        await EngineMailbox.WaitAsync("connected", StateAsync);

        await EngineMailbox.WaitAsync("reconnected completed system", async () => string.Join(", ", (await _api.ReadAllAsync($"/api/reconciliations?account={_mailbox.Account}"))
            .Select(run => $"{run.GetProperty("cause")} {run.GetProperty("state")} {run.GetProperty("requestedBy")}")));
    }

    [Fact]
    public async Task A_run_goes_on_where_it_was_when_its_Api_was_killed()
    {
        await LoseAsync(600);
        await DemandAsync();
        await using (var first = await ReconcilingApi.StartAsync(system, _database.ConnectionString))
        {
            await EngineMailbox.WaitAsync(true, async () => await _database.QueryAsync<long>("select max(fed) from reconciliations", Cancel) >= 250);
            await first.CrashAsync();
        }

        Assert.NotEqual(600, await _database.QueryAsync<long>("select max(fed) from reconciliations", Cancel));
        await using var second = await ReconcilingApi.StartAsync(system, _database.ConnectionString);
        await WaitForRunsAsync("demand completed 600 fed since 24 h");

        // At most the page in progress was fed again, and as the same events.
        var fed = await ReadFedAsync();
        Assert.Equal(600, fed.Distinct().Count());
        Assert.InRange(fed.Count, 600, 600 + 250);
    }

    [Fact]
    public async Task EmailEngine_is_asked_no_more_often_than_it_shall_be()
    {
        await LoseAsync(20);
        await DemandAsync();
        await using var reconciling = await ReconcilingApi.StartAsync(system, _database.ConnectionString, ("Reconciliation__RequestsPerSecond", "10"));
        await WaitForRunsAsync("demand completed 20 fed since 24 h");

        // One for the folders, one for each of them, one for each mail.
        var perSecond = await _database.QueryAsync<double>("select ((folders + fed) / extract(epoch from ended_at - started_at))::float8 from reconciliations", Cancel);
        Assert.InRange(perSecond, 1, 10.5);
    }

    [Fact]
    public async Task Without_Kafka_a_run_waits_and_nothing_counts_as_fed()
    {
        await LoseAsync(3);
        await DemandAsync();
        await using (var cutOff = await ReconcilingApi.StartAsync(
            system, _database.ConnectionString, ("ConnectionStrings__kafka", "127.0.0.1:1"), ("Aspire__Confluent__Kafka__Producer__Config__MessageTimeoutMs", "1000")))
        {
            await WaitForRunsAsync("demand running 0 fed since 24 h: Kafka does not answer.");
        }

        await using var connected = await ReconcilingApi.StartAsync(system, _database.ConnectionString);
        await WaitForRunsAsync("demand completed 3 fed since 24 h");
        Assert.Equal(3, (await ReadFedAsync()).Count);
    }

    [Fact]
    public async Task One_account_that_somebody_waits_for_goes_before_all_that_were_ordered_at_once()
    {
        await _database.ExecuteAsync(
            $"""
            insert into accounts (id) select 'only-here-' || n from generate_series(1, 30) as n;
            insert into reconciliations (id, account_id, cause, since, requested_by, requested_at)
            select gen_random_uuid(), id, 'demand', now() - interval '1 day', 'test', now() - interval '1 minute' from accounts where id like 'only-here-%';
            insert into reconciliations (id, account_id, cause, since, requested_by, is_awaited)
            values (gen_random_uuid(), '{_mailbox.Account}', 'demand', now() - interval '1 day', 'test', true)
            """,
            Cancel);

        await using var reconciling = await ReconcilingApi.StartAsync(system, _database.ConnectionString);

        await EngineMailbox.WaitAsync(31L, () => _database.QueryAsync<long>("select count(*) from reconciliations where ended_at is not null", Cancel));
        Assert.InRange(await _database.QueryAsync<long>("select count(*) from reconciliations where started_at < (select started_at from reconciliations where is_awaited)", Cancel), 0, 1);
    }

    [Fact]
    public async Task A_run_ends_with_a_reason_where_it_can_never_go_on()
    {
        await _mailbox.ControlAsync(HttpMethod.Put, "server", new { behaviour = "unreachable" });
        await EngineMailbox.WaitAsync("connect-error", StateAsync);
        await DemandAsync();
        await _database.ExecuteAsync(
            """
            insert into accounts (id) values ('only-here');
            insert into reconciliations (id, account_id, cause, since, requested_by) values (gen_random_uuid(), 'only-here', 'demand', now() - interval '1 day', 'test')
            """,
            Cancel);

        await using var reconciling = await ReconcilingApi.StartAsync(system, _database.ConnectionString, ("Reconciliation__GiveUpAfter", "00:00:00"));

        await WaitForRunsAsync(
            "demand failed 0 fed since 24 h: The mailbox was not connected for 00:00:00., demand failed 0 fed since 24 h: EmailEngine has no such account.");
    }

    private async Task LoseAsync(int mails)
    {
        await using (await LostWebhooks.BeginAsync(_mailbox))
        {
            for (var mail = 0; mail < mails; mail++)
            {
                await _mailbox.ReceiveAsync("bob@customer.example", $"{mail}");
            }
        }
    }

    private Task BeatAsync(string from, string to) =>
        _database.ExecuteAsync($"insert into ingest_heartbeats (id, began_at, beat_at) values (gen_random_uuid(), now() - interval '{from}', now() - interval '{to}')", Cancel);

    private Task DemandAsync() => _database.ExecuteAsync(
        $"insert into reconciliations (id, account_id, cause, since, requested_by) values (gen_random_uuid(), '{_mailbox.Account}', 'demand', now() - interval '1 day', 'test')", Cancel);

    private Task WaitForRunsAsync(string expected) => EngineMailbox.WaitAsync(expected, () => _database.QueryAsync<string>(
        """
        select coalesce(string_agg(
            concat(cause, ' ', state, ' ', fed, ' fed since ', round(extract(epoch from requested_at - since) / 3600), ' h', ': ' || error), ', ' order by requested_at), '')
        from reconciliations
        """, Cancel));

    private async Task<string?> StateAsync() => (await _mailbox.ReadAsync()).GetProperty("state").GetString();

    /// <summary>The ids of the events that runs have put into Kafka.</summary>
    private async Task<List<string>> ReadFedAsync() =>
    [
        .. (await (await EventLog.OfAsync(system)).ReadAsync(_mailbox.Account))
            .Select(record => MailEventHeaders.TryRead(record.Message.Headers, out var headers, out _) && headers.Source == MailSource.Reconcile ? headers.EventId.Value : null)
            .OfType<string>(),
    ];
}
