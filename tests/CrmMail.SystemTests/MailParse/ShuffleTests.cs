using System.Globalization;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.SystemTests.Processor;

namespace CrmMail.SystemTests.MailParse;

/// <summary>Whatever the order and the company in which events come, and whoever writes at the same time, the tables are the same.</summary>
public sealed class ShuffleTests(RunningApplication system) : IAsyncLifetime
{
    private const int Shuffles = 100;

    private static readonly DateTimeOffset ReceivedAt = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private PipelineHost _pipeline = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _pipeline = await PipelineHost.StartAsync(system);
        await _pipeline.AddContactAsync("Ann", "ann@customer.example");
        await _pipeline.AddContactAsync("Bob", "bob@customer.example");
    }

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Fact]
    public async Task A_hundred_shuffles_of_both_sources_give_the_same_tables()
    {
        string? first = null;
        for (var seed = 1; seed <= Shuffles; seed++)
        {
            await EmptyAsync();
            await ProcessShuffledAsync(seed);

            var tables = await SnapshotAsync(seed);
            first ??= tables;
            Assert.True(first == tables, $"Shuffle {seed}:\n{tables}\nThe first one:\n{first}");
        }

        Assert.Equal(Captures, await CapturesAsync());
    }

    /// <summary>The mails that are activities, each with the account that stands for it and those that have captured it.</summary>
    private const string Captures = """
        all: amy of amy ben mailparse:sales mailparse:support
        bcc: amy of amy mailparse:support
        both: amy of amy mailparse:support
        colleague: ben of ben mailparse:sales
        team: mailparse:sales of mailparse:sales mailparse:support
        twice: mailparse:support of mailparse:support
        """;

    /// <summary>Mails that reach mailboxes and team addresses in every combination, by no contact too, twice, and without an id.</summary>
    private static IEnumerable<(string Account, string Body)> Events()
    {
        yield return ("amy", InMailbox("amy", "both", "Inbox", "ann@customer.example", "amy@corp.example"));
        yield return ("mailparse:support", AtTeam("both", "ann@customer.example", "amy@corp.example"));

        foreach (var account in new[] { "amy", "ben" })
        {
            yield return (account, InMailbox(account, "all", "Inbox", "bob@customer.example", "team@corp.example"));
        }

        yield return ("mailparse:support", AtTeam("all", "bob@customer.example", "team@corp.example"));
        yield return ("mailparse:sales", AtTeam("all", "bob@customer.example", "team@corp.example", "2026-06-01T11:00:00.000Z").Replace("\"flag\": false", "\"flag\": true", StringComparison.Ordinal));

        yield return ("amy", InMailbox("amy", "bcc", "Sent", "amy@corp.example", "ann@customer.example"));
        yield return ("mailparse:support", AtTeam("bcc", "amy@corp.example", "ann@customer.example"));

        yield return ("mailparse:support", AtTeam("team", "ann@customer.example", "team@corp.example"));
        yield return ("mailparse:sales", AtTeam("team", "ann@customer.example", "team@corp.example"));

        yield return ("ben", InMailbox("ben", "colleague", "Sent", "ben@corp.example", "bob@customer.example"));
        yield return ("mailparse:sales", AtTeam("colleague", "ben@corp.example", "bob@customer.example"));

        yield return ("amy", InMailbox("amy", "inside", "Sent", "amy@corp.example", "ben@corp.example"));
        yield return ("ben", InMailbox("ben", "inside", "Inbox", "amy@corp.example", "ben@corp.example"));
        yield return ("mailparse:support", AtTeam("inside", "amy@corp.example", "ben@corp.example"));
        yield return ("mailparse:support", AtTeam("stranger", "nobody@x.example", "team@corp.example"));
        yield return ("mailparse:support", """{"envelope":{"from":{"email":"ann@customer.example"}}}""");
        yield return ("mailparse:support", AtTeam("twice", "bob@customer.example", "team@corp.example"));
        yield return ("mailparse:support", AtTeam("twice", "bob@customer.example", "team@corp.example"));
    }

    private static string AtTeam(string name, string from, string to, string receivedAt = "2026-06-01T11:59:30.000Z") => TeamMail.Of($"{name}@x", from, to, receivedAt);

    private static string InMailbox(string account, string name, string folder, string from, string to) => $$$"""
        {"account":"{{{account}}}","date":"2026-06-01T11:59:40.000Z","event":"messageNew","data":{
            "id":"{{{account}}}-{{{name}}}","emailId":"{{{name}}}","path":"{{{folder}}}","messageSpecialUse":"\\{{{folder}}}","messageId":"<{{{name}}}@x>","subject":"{{{name}}}",
            "date":"2026-06-01T11:59:20.000Z","from":{"address":"{{{from}}}"},"to":[{"address":"{{{to}}}"}]}}
        """;

    /// <summary>Mailboxes and team addresses are in different partitions, which two workers take in batches of any size at the same time.</summary>
    private async Task ProcessShuffledAsync(int seed)
    {
        var random = new Random(seed);
        var records = Events().Select((told, n) => Record(seed, n, told.Account, told.Body)).ToArray();
        random.Shuffle(records);
        var partitions = records.GroupBy(record => record.Partition).Select(partition => Batches(random, [.. partition])).ToArray();
        await Task.WhenAll(partitions.Select(batches => Task.Run(() => ProcessAsync(batches), Cancel)));
    }

    private async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>[]> batches)
    {
        var worker = _pipeline.CreatePipeline();
        foreach (var batch in batches)
        {
            await worker.ProcessAsync([.. batch], Cancel, Cancel);
        }
    }

    private static List<ConsumeResult<byte[], byte[]>[]> Batches(Random random, ConsumeResult<byte[], byte[]>[] records)
    {
        var batches = new List<ConsumeResult<byte[], byte[]>[]>();
        for (var at = 0; at < records.Length; at += batches[^1].Length)
        {
            batches.Add(records[at..Math.Min(records.Length, at + random.Next(1, 8))]);
        }

        return batches;
    }

    /// <summary>The last two are one event, delivered twice.</summary>
    private static ConsumeResult<byte[], byte[]> Record(int seed, int n, string account, string body)
    {
        var isTeam = MailParseAccount.Is(AccountId.Parse(account));
        var source = isTeam ? MailSource.MailParse : MailSource.EmailEngine;
        n = Math.Min(n, Events().Count() - 2);
        Assert.True(CrmMail.Contracts.EventId.TryParse(string.Create(CultureInfo.InvariantCulture, $"{seed}-event-{n}"), out var id));
        var headers = new MailEventHeaders(source, isTeam ? "mail" : "messageNew", id, ReceivedAt.AddSeconds(n), CorrelationId.Of(source, AccountId.Parse(account), id));
        return new ConsumeResult<byte[], byte[]>
        {
            TopicPartitionOffset = new TopicPartitionOffset(MailTopics.Events, isTeam ? 1 : 0, n),
            Message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(account), Value = Encoding.UTF8.GetBytes(body), Headers = headers.ToKafka() },
        };
    }

    private Task EmptyAsync() => _pipeline.Database.ExecuteAsync(
        """
        truncate accounts, account_addresses, activities, message_keys, timeline_entries, activity_contacts, skipped_events, address_ledger cascade;
        insert into accounts (id, created_at) values ('amy', now()), ('ben', now());
        insert into account_addresses (account_id, address) values ('amy', 'amy@corp.example'), ('ben', 'ben@corp.example');
        """, Cancel);

    /// <summary>All that events make but for ids and for when it was written; the ids of events are those of every shuffle.</summary>
    private async Task<string> SnapshotAsync(int seed)
    {
        var tables = await _pipeline.Database.QueryAsync<string>(
            """
            select string_agg(line, chr(10) order by line)
            from (
                select 'activity '::text || (to_jsonb(activities) - '{id,written_at,correlation_id}'::text[])
                    || (select account_id from activities as shown where shown.id = shown_copy(activities.id))
                    || (select jsonb_agg(account_id order by account_id) from mail_copies(activities.id) as copies (id) join activities as copy on copy.id = copies.id)
                    || (select jsonb_agg(jsonb_build_array(contacts.name, role, entry.occurred_at, entry.direction, entry.tags) order by contacts.name, role)
                        from activity_contacts
                        join contacts on contacts.id = contact_id
                        join timeline_entries as entry on entry.id = entry_id
                        where activity_id = activities.id)
                    || (select jsonb_agg(encode(key, 'hex') order by key) from message_keys where activity_id = activities.id) as line
                from activities
                union all
                select 'asked '::text || (to_jsonb(asked) - 'contact_id') || coalesce(name, '') from address_ledger as asked left join contacts on contacts.id = contact_id
                union all
                select 'skip '::text || (to_jsonb(skipped_events) - '{recorded_at,correlation_id}'::text[]) from skipped_events
                union all
                select 'account '::text || (to_jsonb(accounts) - 'created_at') from accounts
                union all
                select 'entry ' || name || ' ' || encode(mail_key, 'hex') || ' ' || occurred_at || ' ' || direction || ' ' || tags
                from timeline_entries join contacts on contacts.id = contact_id
            ) as lines
            """, Cancel);
        return tables.Replace(string.Create(CultureInfo.InvariantCulture, $"\"{seed}-event-"), "\"event-", StringComparison.Ordinal);
    }

    private Task<string> CapturesAsync() => _pipeline.Database.QueryAsync<string>(
        """
        select string_agg(line, chr(10) order by line)
        from (
            select distinct
                split_part(mail.message_id, '@', 1) || ': ' || (select account_id from activities where id = shown_copy(mail.id)) || ' of '
                || (select string_agg(account_id, ' ' order by account_id collate "C") from mail_copies(mail.id) as copies (id) join activities as copy on copy.id = copies.id) as line
            from activities as mail
        ) as lines
        """, Cancel);
}
