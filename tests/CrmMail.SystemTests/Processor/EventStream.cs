using System.Globalization;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Processor;

/// <summary>
/// Many mails of many mailboxes, put into Kafka as Ingest does it, and what became of them. Every fourth mail is from nobody known, every
/// tenth comes twice.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _kafka;
    private readonly int _accounts;

    // Of the first delivery of each event.
    private readonly Dictionary<string, TopicPartitionOffset> _places = [];

    private EventStream(string kafka, NpgsqlDataSource database, int accounts)
    {
        (_kafka, Database, _accounts) = (kafka, database, accounts);
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka, Partitioner = Partitioner.Murmur2Random, LingerMs = 5 }).Build();
    }

    /// <summary>What the ids of its accounts and events begin with.</summary>
    public string Name { get; } = $"run-{Guid.NewGuid():n}";

    public NpgsqlDataSource Database { get; }

    /// <summary>Events that were sent; their deliveries are more.</summary>
    public int Sent { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Contact => $"{Name}@customer.example";

    public static async Task<EventStream> OpenAsync(RunningApplication system, int accounts = 24)
    {
        var stream = new EventStream(
            (await system.Application.GetConnectionStringAsync("kafka", Cancel))!,
            NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", Cancel))!),
            accounts);
        await using var command = stream.Database.CreateCommand(
            """
            with contact as (insert into contacts (id, name) values (gen_random_uuid(), $1) returning id)
            insert into contact_addresses (address, contact_id) select $1, id from contact
            """);
        command.Parameters.Add(new() { Value = stream.Contact });
        await command.ExecuteNonQueryAsync(Cancel);
        return stream;
    }

    /// <summary>Sends so many more events, and waits until Kafka has them.</summary>
    public Task SendAsync(int count) => ProduceAsync(Enumerable.Range(Sent, count));

    /// <summary>Sends everything once more.</summary>
    public Task SendAgainAsync() => ProduceAsync(Enumerable.Range(0, Sent));

    /// <summary>Waits until every event has ended, and then says whether each did once.</summary>
    public async Task AssertAllWrittenOnceAsync()
    {
        await WaitForAsync(Sent);
        var activities = Enumerable.Range(0, Sent).Count(n => !IsFromNobody(n));
        Assert.Equal(
            $"{activities} activities, {Sent - activities} skips, counted {activities} and {Sent - activities}, 0 dead letters, {activities} on the timeline",
            await TextAsync(
                """
                select (select count(*) from activities where account_id like $1) || ' activities, '
                    || (select count(*) from skipped_events where account_id like $1) || ' skips, counted '
                    || (select sum(incoming_count) || ' and ' || sum(skipped_count) from accounts where id like $1) || ', '
                    || (select count(*) from dead_letters where account_id like $1) || ' dead letters, '
                    || (select count(*) from activity_contacts join activities on id = activity_id where account_id like $1) || ' on the timeline'
                """));
    }

    /// <summary>Waits until at least so many events have ended.</summary>
    public async Task WaitForAsync(long events)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var ended = await CountEndedAsync(); ended < events; ended = await CountEndedAsync())
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{ended} of {events} events have ended.");
            }
        }
    }

    public Task<long> CountEndedAsync() => NumberAsync(
        """
        select (select count(*) from activities where account_id like $1) + (select count(*) from skipped_events where account_id like $1)
            + (select count(distinct event_id) from dead_letters where account_id like $1)
        """);

    /// <summary>Says whether everything before the offsets that the group has committed is in the database.</summary>
    public async Task AssertNothingIsSkippedByTheOffsetsAsync()
    {
        var ended = new HashSet<string>();
        await using var command = Database.CreateCommand(
            "select event_id from activities where account_id like $1 union select event_id from skipped_events where account_id like $1");
        command.Parameters.Add(new() { Value = Name + "%" });
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            while (await reader.ReadAsync(Cancel))
            {
                ended.Add(reader.GetString(0));
            }
        }

        var committed = await CommittedAsync(_places.Values.Select(place => place.TopicPartition).Distinct());
        var lost = _places.Where(place => place.Value.Offset < committed[place.Value.TopicPartition] && !ended.Contains(place.Key)).Select(place => $"{place.Key} at {place.Value}");
        Assert.Empty(lost);
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await Database.DisposeAsync();
    }

    private static bool IsFromNobody(int n) => n % 4 == 3;

    private async Task ProduceAsync(IEnumerable<int> numbers)
    {
        var deliveries = new List<(string EventId, Task<DeliveryResult<byte[], byte[]>> Result)>();
        foreach (var n in numbers)
        {
            deliveries.Add((EventIdOf(n), _producer.ProduceAsync(MailTopics.Events, MessageOf(n), Cancel)));
            if (n % 10 == 0)
            {
                deliveries.Add((EventIdOf(n), _producer.ProduceAsync(MailTopics.Events, MessageOf(n), Cancel)));
            }

            Sent = Math.Max(Sent, n + 1);
        }

        foreach (var (eventId, result) in deliveries)
        {
            _places.TryAdd(eventId, (await result).TopicPartitionOffset);
        }
    }

    private Message<byte[], byte[]> MessageOf(int n)
    {
        var account = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"{Name}-{n % _accounts}"));
        Assert.True(EventId.TryParse(EventIdOf(n), out var eventId));
        var from = IsFromNobody(n) ? "stranger@x.example" : Contact;
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"account":"{{{account}}}","date":"2026-06-01T12:00:00.000Z","event":"messageNew","data":{"id":"{{{n}}}","path":"INBOX","messageSpecialUse":"\\Inbox","messageId":"<{{{n}}}@{{{Name}}}>","subject":"{{{n}}}","from":{"address":"{{{from}}}"} } }""");
        var headers = new MailEventHeaders(
            MailSource.EmailEngine, "messageNew", eventId, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.EmailEngine, account, eventId));
        return new() { Key = Encoding.UTF8.GetBytes(account.Value), Value = Encoding.UTF8.GetBytes(body), Headers = headers.ToKafka() };
    }

    private string EventIdOf(int n) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{n}");

    private async Task<Dictionary<TopicPartition, Offset>> CommittedAsync(IEnumerable<TopicPartition> partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = _kafka, GroupId = "crm-mail-processor" }).Build();
        var committed = await Task.Run(() => consumer.Committed(partitions, TimeSpan.FromSeconds(20)), Cancel);
        return committed.ToDictionary(place => place.TopicPartition, place => place.Offset);
    }

    private async Task<long> NumberAsync(string sql) => (long)(await ScalarAsync(sql))!;

    private async Task<string> TextAsync(string sql) => (string)(await ScalarAsync(sql))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Name + "%" });
        return await command.ExecuteScalarAsync(Cancel);
    }
}
