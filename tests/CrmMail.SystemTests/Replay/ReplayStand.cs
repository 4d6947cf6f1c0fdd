using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Ledger;
using CrmMail.Processor.Replay;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmMail.SystemTests.Replay;

/// <summary>
/// The Api and any number of Processors, as far as they replay, with a database of their own and the Kafka of the running system. Events
/// are written by the live pipeline when the test says so, and by replays.
/// </summary>
internal sealed class ReplayStand : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ScratchApi _api;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly RunningApplication _system;
    private readonly List<IHost> _hosts = [];
    private readonly (string Key, string Value)[] _settings;
    private int _liveEvents;

    private ReplayStand(RunningApplication system, ScratchApi api, string kafka, (string Key, string Value)[] settings)
    {
        (_system, _api, _settings) = (system, api, settings);
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka, Partitioner = Partitioner.Murmur2Random, LingerMs = 5 }).Build();
    }

    /// <summary>What the ids of its accounts begin with: the topic is shared with other tests.</summary>
    public string Name { get; } = $"replay-{Guid.NewGuid():n}";

    public ScratchDatabase Database => _api.Database;

    /// <summary>Those of the Processor that was started last.</summary>
    public IServiceProvider Services => _hosts[^1].Services;

    public ApiClient Client => _api.Client;

    /// <summary>What was produced, in order and with its place.</summary>
    public List<ConsumeResult<byte[], byte[]>> Events { get; } = [];

    /// <summary>The offsets of what was produced, as the members of a range.</summary>
    public string Range => Offsets(Events);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="system">Whose servers are used.</param>
    /// <param name="processors">How many Processors there are.</param>
    /// <param name="settings">Of the Processors; what concerns bodies also of the Api.</param>
    public static async Task<ReplayStand> StartAsync(RunningApplication system, int processors = 1, params (string Key, string Value)[] settings)
    {
        var api = await ScratchApi.StartAsync(system, [.. settings.Where(setting => setting.Key.StartsWith(BodyOptions.Section, StringComparison.Ordinal))]);
        var stand = new ReplayStand(system, api, (await system.Application.GetConnectionStringAsync("kafka", Cancel))!, settings);
        for (var n = 0; n < processors; n++)
        {
            await stand.StartProcessorAsync(settings);
        }

        return stand;
    }

    /// <summary>The offsets of these events, as the members of a range.</summary>
    public static string Offsets(IEnumerable<ConsumeResult<byte[], byte[]>> events)
    {
        var places = events.GroupBy(record => record.Partition.Value, record => record.Offset.Value).ToList();
        return $$"""
            "fromOffsets": {{JsonSerializer.Serialize(places.ToDictionary(place => Text(place.Key), place => place.Min()))}},
            "toOffsets": {{JsonSerializer.Serialize(places.ToDictionary(place => Text(place.Key), place => place.Max() + 1))}}
            """;
    }

    public string Account(string name) => $"{Name}-{name}";

    public string Inbox(string name) => $"{MailParseAccount.Prefix}{Name}-{name}";

    /// <summary>A Processor that only replays.</summary>
    public async Task<IHost> StartProcessorAsync(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:crm"] = Database.ConnectionString,
            ["ConnectionStrings:redis"] = await _system.Application.GetConnectionStringAsync("redis", Cancel),
            ["ConnectionStrings:kafka"] = await _system.Application.GetConnectionStringAsync("kafka", Cancel),
            ["Deduplication:Namespace"] = Name,
            ["Erasure:Keys:0"] = ScratchApi.ErasureKey,
            ["Replay:Interval"] = "00:00:00.1",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddMetrics();
        builder.AddServers();
        builder.AddPipeline();
        builder.AddReplay();
        builder.AddLedger();
        var host = builder.Build();
        await host.Services.GetServices<IHostedService>().OfType<ReplayService>().Single().StartAsync(Cancel);
        _hosts.Add(host);
        return host;
    }

    public async Task<string> AddContactAsync(string name, params string[] addresses)
    {
        var id = await Client.AddContactAsync(name, addresses);
        return id.ToString();
    }

    /// <summary>Puts a webhook into Kafka, as Ingest does it.</summary>
    /// <param name="account">The rest of the account's id.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="data">The members of <c>data</c>.</param>
    /// <param name="date">When EmailEngine noticed it.</param>
    /// <param name="eventId">The id of the event, a new one if not given.</param>
    public async Task ProduceAsync(string account, string name, string data, string date = "2026-06-01T12:00:00.000Z", string? eventId = null)
    {
        var body = $$"""{"account":"{{Account(account)}}","date":"{{date}}","event":"{{name}}","data":{ {{data}} } }""";
        await ProduceRawAsync(account, name, body, eventId);
    }

    /// <summary>Puts any body into Kafka.</summary>
    public Task ProduceRawAsync(string account, string name, string body, string? eventId = null) =>
        ProduceAsync(MailSource.EmailEngine, AccountId.Parse(Account(account)), name, body, eventId);

    /// <summary>Puts a mail at a team address into Kafka, as Ingest does it.</summary>
    /// <param name="inbox">The rest of the inbox's name.</param>
    /// <param name="body">The mail as MailParse tells it.</param>
    /// <param name="eventId">The id of the event, a new one if not given.</param>
    public Task ProduceTeamMailAsync(string inbox, string body, string? eventId = null) =>
        ProduceAsync(MailSource.MailParse, AccountId.Parse(Inbox(inbox)), "mail", body, eventId);

    private async Task ProduceAsync(MailSource source, AccountId id, string name, string body, string? eventId)
    {
        Assert.True(CrmMail.Contracts.EventId.TryParse(eventId ?? Guid.NewGuid().ToString(), out var parsed));
        var headers = new MailEventHeaders(source, name, parsed, DateTimeOffset.UtcNow, CorrelationId.Of(source, id, parsed));
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(id.Value), Value = Encoding.UTF8.GetBytes(body), Headers = headers.ToKafka() };
        var place = await _producer.ProduceAsync(MailTopics.Events, message, Cancel);
        lock (Events)
        {
            Events.Add(new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = place.TopicPartitionOffset, Message = message });
        }
    }

    /// <summary>A mail in a folder.</summary>
    public Task ProduceMailAsync(string account, string messageId, string from, string to = "someone@corp.example", string folder = "Inbox", string? subject = null, string date = "2026-06-01T12:00:00.000Z", string extra = "") =>
        ProduceAsync(
            account,
            "messageNew",
            $$"""
            "id":"{{folder}}-{{messageId}}","path":"{{folder}}","messageSpecialUse":"\\{{folder}}","messageId":"<{{messageId}}@{{Name}}>","subject":"{{subject ?? messageId}}","from":{"name":"","address":"{{from}}"},"to":[{"name":"","address":"{{to}}"}]{{extra}}
            """,
            date);

    /// <summary>Lets the live pipeline write what was produced since, each partition in its order.</summary>
    public async Task ProcessLiveAsync(int batchSize = 500)
    {
        var pipeline = _hosts[^1].Services.GetRequiredService<Func<IBatchPipeline>>()();
        foreach (var partition in Events.Skip(_liveEvents).GroupBy(record => record.Partition))
        {
            foreach (var batch in partition.Chunk(batchSize))
            {
                await pipeline.ProcessAsync([.. batch], Cancel, Cancel);
            }
        }

        _liveEvents = Events.Count;
    }

    /// <summary>Lets past mail follow the contacts that have changed.</summary>
    /// <returns>How many mailboxes were looked at.</returns>
    public Task<int> LinkPastMailAsync() => _hosts[^1].Services.GetRequiredService<LedgerService>().WorkAsync(Cancel);

    /// <summary>Asks for a replay of what was produced.</summary>
    /// <returns>The id of the run.</returns>
    public Task<Guid> StartAsync(string mode, bool execute = true, string options = "") =>
        OrderAsync($$"""{"mode": "{{mode}}", "range": { {{Range}} }, "execute": {{(execute ? "true" : "false")}}{{options}}}""");

    public async Task<Guid> OrderAsync(string json)
    {
        var answer = await Client.PostAsync("/api/replays", json);
        answer.AssertStatus(202);
        Assert.Equal($"/api/replays/{answer.Json.GetProperty("id").GetString()}", answer.Headers.Location?.ToString());
        return answer.Json.GetProperty("id").GetGuid();
    }

    /// <summary>Replays what was produced, and waits for the end.</summary>
    public async Task<JsonElement> RunAsync(string mode, bool execute = true, string options = "") =>
        await WaitForAsync(await StartAsync(mode, execute, options), run => run.GetProperty("endedAt").ValueKind != JsonValueKind.Null);

    /// <summary>Waits until the run is as it should be.</summary>
    public async Task<JsonElement> WaitForAsync(Guid run, Func<JsonElement, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await ReadAsync(run);
            if (condition(seen))
            {
                return seen;
            }

            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Seen last: {seen}");
            }
        }
    }

    public async Task<JsonElement> ReadAsync(Guid run)
    {
        var answer = await Client.GetAsync($"/api/replays/{run}");
        answer.AssertStatus(200);
        return answer.Json;
    }

    /// <summary>State, error and the counts that are not 0.</summary>
    public static string Describe(JsonElement run) => string.Join(
        ", ",
        run.GetProperty("counts").EnumerateObject()
            .Where(count => count.Value.GetInt64() > 0)
            .Select(count => $"{count.Value} {count.Name}")
            .Prepend(run.GetProperty("error").GetString() ?? run.GetProperty("state").GetString()));

    /// <summary>The changes of a run, one per line and in order: kind, the rest of the account's id, the subject the event told, reason.</summary>
    public async Task<string> ChangesAsync(JsonElement run)
    {
        var changes = await Client.ReadAllAsync($"/api/replays/{run.GetProperty("id").GetString()}/changes?limit=2");
        return string.Join('\n', changes.Select(DescribeChange).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Everything that events make, one row per line, but for what depends on when it was written: ids, written_at, recorded_at and
    /// created_at.
    /// </summary>
    /// <param name="inAnyOrder">
    /// Also without what depends on which event was first: the trace of an activity, skips and their number, where and when an event that came twice was
    /// read, and whether a person was erased before or after a mail was written.
    /// </param>
    public Task<string> SnapshotAsync(bool inAnyOrder = false)
    {
        var (trace, place, count) = inAnyOrder
            ? ("event_id,topic,partition,offset,correlation_id,received_at,redacted_at", "partition,offset", "skipped_count,last_event_at")
            : ("", "", "");
        return Database.QueryAsync<string>(
            $$"""
            select coalesce(string_agg(line, chr(10) order by line), '')
            from (
                select 'activity '::text || (to_jsonb(activities) - 'id' - 'written_at' - '{{{trace}}}'::text[])
                    || (select coalesce(jsonb_agg(jsonb_build_array(contacts.name, role, matched_by, entry.occurred_at, entry.direction, entry.tags) order by contacts.name, role), '[]')
                        from activity_contacts
                        join contacts on contacts.id = contact_id
                        join timeline_entries as entry on entry.id = entry_id
                        where activity_id = activities.id)
                    || (select coalesce(jsonb_agg(encode(key, 'hex') order by key), '[]') from message_keys where activity_id = activities.id)
                    || (select coalesce(jsonb_agg(to_jsonb(route) - 'activity_id'), '[]') from activity_routes as route where activity_id = activities.id)
                    || to_jsonb(thread_of(mail_key)) as line
                from activities
                union all
                select 'skip '::text || (to_jsonb(skipped_events) - 'recorded_at') from skipped_events where not {{inAnyOrder}}
                union all
                select 'asked '::text || (to_jsonb(asked) - 'contact_id' - '{{{place}}}'::text[]) || coalesce(name, '')
                from address_ledger as asked
                left join contacts on contacts.id = contact_id
                union all
                select 'report '::text || to_jsonb(delivery_reports) from delivery_reports
                union all
                select 'account '::text || (to_jsonb(accounts) - 'created_at' - '{{{count}}}'::text[]) from accounts
                union all
                select 'address '::text || to_jsonb(account_addresses) from account_addresses
                union all
                select 'entry ' || name || ' ' || encode(mail_key, 'hex') from timeline_entries join contacts on contacts.id = contact_id
            ) as lines
            """, Cancel);
    }

    /// <summary>Empties the tables that events are written to, as if the database were new; Redis knows nothing either.</summary>
    public async Task ForgetEverythingAsync()
    {
        await Database.ExecuteAsync("truncate accounts, account_addresses, activities, message_keys, timeline_entries, activity_contacts, skipped_events, delivery_reports, address_ledger, dead_letters, thread_links cascade", Cancel);
        await StartProcessorAsync([.. _settings, ("Deduplication:Namespace", $"test-{Guid.NewGuid():n}")]);
        _liveEvents = 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.Services.GetServices<IHostedService>().OfType<ReplayService>().Single().StopAsync(CancellationToken.None);
            host.Dispose();
        }

        _producer.Dispose();
        await _api.DisposeAsync();
    }

    private string DescribeChange(JsonElement change)
    {
        var record = Events.Single(record => record.Partition.Value == change.GetProperty("partition").GetInt32() && record.Offset.Value == change.GetProperty("offset").GetInt64());
        var data = JsonElement.Parse(Encoding.UTF8.GetString(record.Message.Value)).GetProperty("data");
        var account = change.GetProperty("accountId").GetString()![(Name.Length + 1)..];
        var mail = data.TryGetProperty("subject", out var subject) ? subject.GetString() : data.GetProperty("messageId").GetString();
        return $"{change.GetProperty("kind").GetString()} {account} {mail}: {change.GetProperty("reason").GetString()}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
