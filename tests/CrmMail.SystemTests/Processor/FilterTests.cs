using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

/// <summary>What the filters leave of mails in the database: docs/filters.md.</summary>
public sealed class FilterTests(RunningApplication system)
{
    private const string Newsletter = "\"headers\":{\"list-unsubscribe\":[\"<https://news.example/u>\"]}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Events of one mail that know different headers, in two mailboxes and at a team address that takes it for spam.</summary>
    [Fact]
    public async Task The_same_events_in_a_hundred_orders_make_the_same_tags()
    {
        await using var pipeline = await StartAsync(("Filters:Actions:calendar", "drop"));
        (string Account, string Body)[] told =
        [
            ("amy", Mail("news", "Inbox")),
            ("amy", Mail("news", "Archive", Newsletter)),
            ("amy", Mail("news", "Trash", "\"isBounce\":true")),
            ("amy", Mail("news", "Later", "\"attachments\":[{\"contentType\":\"text/calendar\",\"method\":\"REQUEST\"}]")),
            ("ben", Mail("news", "Inbox", "\"headers\":{\"precedence\":[\"bulk\"]}")),
            ("mailparse:team", """{"message_id":"<news@x.example>","subject":"news","envelope":{"from":{"email":"ann@customer.example"},"to":[{"email":"team@corp.example"}]},"spam":{"flag":true}}"""),
            ("amy", Mail("plain", "Inbox")),
            ("ben", Mail("plain", "Inbox")),
        ];
        var random = new Random(1);
        string? first = null;
        for (var n = 0; n < 100; n++)
        {
            await pipeline.Database.ExecuteAsync("truncate accounts, activities, message_keys, timeline_entries, activity_contacts, skipped_events cascade; insert into accounts (id) values ('amy'), ('ben')", Cancel);
            random.Shuffle(told);
            foreach (var batch in told.Chunk(random.Next(1, told.Length + 1)))
            {
                await pipeline.ProcessAsync([.. batch.Select(mail => Record(pipeline, mail.Account, mail.Body))]);
            }

            var tags = await TagsAsync(pipeline);
            first ??= tags;
            Assert.Equal(first, tags);
        }

        Assert.Equal(
            """
            amy news: 4 list-unsubscribe, on the timeline 36
            amy plain: 0 , on the timeline 0
            ben news: 4 precedence-bulk, on the timeline 36
            ben plain: 0 , on the timeline 0
            mailparse:team news: 32 spam-flag, on the timeline 36
            """.ReplaceLineEndings("\n"),
            first);
    }

    [Fact]
    public async Task What_makes_no_activity_is_a_skip_with_its_reason()
    {
        await using var pipeline = await StartAsync(("Filters:OwnDomains:0", "corp.example"), ("Filters:Actions:bulk", "drop"), ("Filters:Actions:no-reply", "keep"));
        await pipeline.AddContactAsync("Colleague", "colleague@corp.example");
        await pipeline.AddContactAsync("Shop", "noreply@shop.example");
        await pipeline.Database.ExecuteAsync(
            """
            insert into blocklist (id, value, account_id, added_by)
            values (gen_random_uuid(), 'bob@blocked.example', null, 'test'), (gen_random_uuid(), 'customer.example', 'ben', 'test')
            """, Cancel);
        await pipeline.AddContactAsync("Bob", "bob@blocked.example", "bob@mail.customer.example");

        await pipeline.ProcessAsync(
        [
            pipeline.Record(Mail("contact", "Inbox")),
            pipeline.Record(Mail("newsletter", "Inbox", Newsletter)),
            pipeline.Record(Mail("no reply", "Inbox", from: "noreply@shop.example")),
            pipeline.Record(Mail("inside", "Inbox", from: "colleague@corp.example")),
            pipeline.Record(Mail("stranger", "Inbox", from: "stranger@x.example")),
            pipeline.Record(Mail("by address", "Inbox", from: "Bob+news@Blocked.example")),
            pipeline.Record(Mail("other address", "Inbox", from: "bob@mail.customer.example")),
            pipeline.Record(Mail("of ben", "Inbox", from: "bob@mail.customer.example").Replace("\"amy\"", "\"ben\"", StringComparison.Ordinal), account: "ben"),
            pipeline.Record(Mail("junk", "Junk", Newsletter)),
            pipeline.Record(Events.Of("messageSent", """ "messageId":"<s@x>","queueId":"q","envelope":{"from":"amy@corp.example","to":["colleague@corp.example"]} """)),
        ]);

        Assert.Equal("contact, filtered-bulk, no reply, internal, no-contact, blocked, other address, blocked, junk, internal", await pipeline.OutcomesAsync());
        Assert.Equal(0, await pipeline.Database.QueryAsync<long>("select count(*) from activities where tags <> 0", Cancel));
        Assert.Equal("amy 3 6, ben 0 1", await pipeline.Database.QueryAsync<string>("select string_agg(id || ' ' || incoming_count || ' ' || skipped_count, ', ' order by id) from accounts", Cancel));
    }

    private static string Mail(string id, string folder, string members = "\"headers\":{}", string from = "ann@customer.example") => Events.New(
        folder, $$"""  "messageId":"<{{id}}@x.example>","subject":"{{id}}","from":{"name":"","address":"{{from}}"},"to":[{"name":"","address":"amy@corp.example"}],{{members}}  """);

    private static ConsumeResult<byte[], byte[]> Record(PipelineHost pipeline, string account, string body)
    {
        if (account != "mailparse:team")
        {
            return pipeline.Record(body.Replace("\"account\":\"amy\"", $"\"account\":\"{account}\"", StringComparison.Ordinal), account: account);
        }

        Assert.True(CrmMail.Contracts.EventId.TryParse(Guid.NewGuid().ToString(), out var id));
        var headers = new MailEventHeaders(MailSource.MailParse, "mail", id, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.MailParse, AccountId.Parse(account), id));
        return pipeline.Foreign(new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(account), Value = Encoding.UTF8.GetBytes(body), Headers = headers.ToKafka() });
    }

    private async Task<PipelineHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var pipeline = await PipelineHost.StartAsync(system, settings);
        await pipeline.AddContactAsync("Ann", "ann@customer.example");
        await pipeline.Database.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben')", Cancel);
        return pipeline;
    }

    private static Task<string> TagsAsync(PipelineHost pipeline) => pipeline.Database.QueryAsync<string>(
        """
        select string_agg(format('%s %s: %s %s, on the timeline %s', account_id, subject, activities.tags, array_to_string(tag_rules, ' '), entry.tags), chr(10) order by account_id collate "C", subject)
        from activities
        join activity_contacts on activity_id = activities.id
        join timeline_entries as entry on entry.id = entry_id
        """, Cancel);
}
