using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>Mails of 240 mailboxes as Ingest writes them, about 1.5 KiB each: every fifth is from one of 1000 contacts, every tenth comes twice.</summary>
internal static class MailLoad
{
    /// <summary>How many partitions a topic has where nothing else is said.</summary>
    public const int Partitions = 12;

    private const int Accounts = 240;
    private const int Contacts = 1000;

    private static readonly AccountId HotAccount = AccountId.Parse("account-hot");

    private static readonly string Text = string.Concat(Enumerable.Repeat("We would like to have an offer by Friday. ", 20));

    /// <summary>Adds the contacts to the database and the events to Kafka.</summary>
    /// <param name="kafka">Where it is.</param>
    /// <param name="database">Where the contacts are added.</param>
    /// <param name="events">How many events.</param>
    /// <param name="partitions">Of a topic that is not there yet.</param>
    /// <param name="isHalfOfOneAccount">Whether every second mail is of one and the same account.</param>
    /// <returns>How many records that are.</returns>
    public static async Task<long> ProduceAsync(string kafka, NpgsqlDataSource database, int events, int partitions, bool isHalfOfOneAccount = false)
    {
        await AddContactsAsync(database);
        await CreateTopicsAsync(kafka, partitions);
        return ProduceAll(kafka, events, n => isHalfOfOneAccount && n % 2 == 0 ? HotAccount : AccountOf(n), AuthorOf);
    }

    /// <summary>Adds topics and events to Kafka, every event from this address.</summary>
    /// <returns>How many records that are.</returns>
    public static async Task<long> ProduceAsync(string kafka, string author, int events, int partitions)
    {
        await CreateTopicsAsync(kafka, partitions);
        return ProduceAll(kafka, events, AccountOf, _ => author);
    }

    private static long ProduceAll(string kafka, int events, Func<int, AccountId> accountOf, Func<int, string> authorOf)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = kafka,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 20,
            QueueBufferingMaxMessages = 1_000_000,
        }).Build();
        long records = 0;
        for (var n = 0; n < events; n++)
        {
            var message = MessageOf(n, accountOf(n), authorOf(n));
            for (var copy = 0; copy < (n % 10 == 0 ? 2 : 1); copy++)
            {
                producer.Produce(MailTopics.Events, message);
                records++;
            }

            if (n % 10_000 == 0)
            {
                producer.Flush(TimeSpan.FromMinutes(1));
            }
        }

        producer.Flush(TimeSpan.FromMinutes(5));
        return records;
    }

    /// <summary>Adds mails of somebody to Kafka, so many each second, until it is ended: in other mailboxes than all the rest.</summary>
    public static async Task ProduceSteadilyAsync(string kafka, string author, int perSecond, CancellationToken stop)
    {
        const int FirstNumber = 100_000_000;
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka, Partitioner = Partitioner.Murmur2Random }).Build();
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var (started, sent) = (Stopwatch.GetTimestamp(), 0);
        while (!stop.IsCancellationRequested)
        {
            for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond); sent < due; sent++)
            {
                producer.Produce(MailTopics.Events, MessageOf(FirstNumber + sent, LiveAccountOf(sent), author));
            }

            await often.WaitForNextTickAsync(CancellationToken.None);
        }

        producer.Flush(TimeSpan.FromMinutes(1));
    }

    /// <summary>Adds the contacts whose mails every fifth is.</summary>
    public static async Task AddContactsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            with people as (insert into contacts (id, name) select gen_random_uuid(), n::text from generate_series(0, $1 - 1) as n returning id, name)
            insert into contact_addresses (address, contact_id) select 'contact-' || name || '@customer.example', id from people
            """);
        command.Parameters.Add(new() { Value = Contacts });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task CreateTopicsAsync(string kafka, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        var there = admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics;
        var missing = new List<TopicSpecification>();
        foreach (var topic in (string[])[MailTopics.Events, MailTopics.DeadLetters])
        {
            if (!there.Exists(known => known.Topic == topic))
            {
                missing.Add(new() { Name = topic, NumPartitions = partitions });
            }
        }

        if (missing.Count > 0)
        {
            await admin.CreateTopicsAsync(missing);
        }
    }

    /// <summary>The webhook of the mail of this number.</summary>
    public static byte[] BodyOf(int n) => BodyOf(AccountOf(n), IdOf(n), AuthorOf(n));

    /// <summary>The webhook of a mail of somebody.</summary>
    public static byte[] BodyOf(AccountId account, string id, string from) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"account":"{{{account}}}","date":"2026-06-01T12:00:00.000Z","path":"INBOX","specialUse":"\\Inbox","event":"messageNew","data":{"id":"{{{id}}}","uid":1,"path":"INBOX","emailId":"{{{id}}}","date":"2026-06-01T11:59:58.000Z","flags":[],"unseen":true,"size":48211,"subject":"Offer {{{id}}}","from":{"name":"Somebody","address":"{{{from}}}"},"to":[{"name":"{{{account}}}","address":"{{{account}}}@corp.example"}],"messageId":"<{{{id}}}@elsewhere.example>","headers":{"received":["from mx.elsewhere.example by mx.corp.example; Mon, 1 Jun 2026 11:59:59 +0000"],"content-type":["text/plain; charset=utf-8"]},"text":{"id":"{{{id}}}","encodedSize":{"plain":840},"plain":"{{{Text}}}"},"messageSpecialUse":"\\Inbox"}}
        """));

    private static Message<byte[], byte[]> MessageOf(int n, AccountId account, string author)
    {
        var id = EventId.TryParse(string.Create(CultureInfo.InvariantCulture, $"event-{n}"), out var parsed) ? parsed : throw new InvalidOperationException();
        var headers = new MailEventHeaders(MailSource.EmailEngine, "messageNew", id, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.EmailEngine, account, id));
        return new() { Key = Encoding.UTF8.GetBytes(account.Value), Value = BodyOf(account, IdOf(n), author), Headers = headers.ToKafka() };
    }

    private static AccountId AccountOf(int n) => AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"account-{n % Accounts}"));

    private static AccountId LiveAccountOf(int n) => AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"live-{n % Accounts}"));

    private static string IdOf(int n) => n.ToString(CultureInfo.InvariantCulture);

    private static string AuthorOf(int n) => n % 5 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"contact-{n / 5 % Contacts}@customer.example")
        : string.Create(CultureInfo.InvariantCulture, $"stranger-{n}@elsewhere.example");
}
