using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.SystemTests.Replay;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CrmMail.SystemTests.Story;

/// <summary>
/// The mails of the story, of both sources and three mailboxes, in any order. What is promised: whatever the order of the events, also
/// within a partition (retries and restarts change it); however often each comes; whatever batch it is in; however many Processors write at
/// the same time, also events of one account (a partition may change hands); and whenever in between a contact is made, a person is erased:
/// threads, activities, links with their rule, deals with their reason, tags, captures and the ledger are the same in the end. What is not:
/// that a mail is in the trash is only learnt of a mail that is an activity already, and what a mail server says of a mail from which a
/// person was erased is only kept from before.
/// </summary>
public sealed class AnyOrderTests(RunningApplication system) : IAsyncLifetime
{
    private const int Orders = 100;
    private const int Workers = 3;
    private const string RoutingSecret = "a-secret-of-the-any-order-tests";

    private static readonly Guid Licences = new("00000000-0000-7000-8000-0000000000d1");
    private static readonly Guid Eve = new("00000000-0000-7000-8000-0000000000c3");

    private ReplayStand _stand = null!;
    private RedisKey[] _claims = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system, 1, ("Routing:Domain", "inbound.example"), ("Routing:Secrets:0", RoutingSecret));
        await ProduceAsync();
        _claims = [.. _stand.Events.Select(KeyOf).Distinct()];
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task A_hundred_orders_of_the_story_make_the_same_of_it()
    {
        string? first = null;
        for (var seed = 1; seed <= Orders; seed++)
        {
            await BeginAsync();
            await PlayAsync(new Random(seed));

            AssertSame(seed, Expected.ReplaceLineEndings("\n"), await ReadStoryAsync());
            var tables = await _stand.SnapshotAsync(inAnyOrder: true);
            AssertSame(seed, first ??= tables, tables);
        }

        // Another event than the first of the log may have made an activity. A replay has nothing else to say.
        var verify = await _stand.RunAsync("verify");
        Assert.Equal("completed", verify.GetProperty("state").GetString());
        Assert.All(await _stand.Client.ReadAllAsync($"/api/replays/{verify.GetProperty("id").GetString()}/changes"), change => Assert.Equal("origin", change.GetProperty("reason").GetString()));
    }

    /// <summary>Of each mail: who has it, the contacts with their rule, its deals with the reason, its tags, and the first mail of its thread.</summary>
    private const string Expected = """
        question | amy | Ann exact | Licences thread | 0 | question
        offer | amy | Ann exact | Licences routing-address | 0 | question
        away | amy | Ann exact | Licences thread | 1 | question
        counter | mailparse:team ben | Ann exact | Licences thread | 0 | question
        terms | mailparse:team ben cleo | Bob exact | Licences thread | 0 | question
        introduction | mailparse:team ben | Zoe exact | Licences thread | 0 | question
        order | mailparse:team | Ann exact | Licences thread | 0 | question
        forged | amy | Ann exact | Renewal contact | 0 | forged
        card | cleo | Bob exact | Licences company | 0 | card
        to-both | amy | Bob exact | 0 | to-both
        spoofed | amy | Ann exact | Renewal contact | 32 | spoofed
        newsletter | cleo | Bob exact | Licences company | 4 | newsletter
        shopping | ben | Ann plus-tag | Renewal contact | 0 | forged
        """;

    private async Task ProduceAsync()
    {
        Assert.True(new RoutingAddresses(new RoutingOptions { Domain = "inbound.example", Secrets = { RoutingSecret } }).TryGetAddress(Licences, out var address));
        var mails = new Mails(address);
        var spoofed = new StoryMail("spoofed", "07 09:00", Mails.Ann) { To = [Mails.Amy, address], Headers = new() { ["x-spam-flag"] = "YES" } };
        var newsletter = new StoryMail("newsletter", "07 10:00", Mails.Bob) { To = [Mails.Cleo] };
        var shopping = new StoryMail("shopping", "07 11:00", "ann+shop@customer.example") { To = [Mails.Ben], After = ["forged"] };

        foreach (var (account, folder, mail) in new (string, string, StoryMail)[]
        {
            ("amy", "Inbox", Mails.Question),
            ("amy", "Archive", Mails.Question),
            ("amy", "Sent", mails.Offer),
            ("amy", "Inbox", Mails.OutOfOffice),
            ("ben", "Inbox", Mails.Counter),
            ("ben", "Inbox", Mails.Terms),
            ("cleo", "Inbox", Mails.Terms),
            ("cleo", "Trash", Mails.Terms),
            ("ben", "Inbox", Mails.Introduction),
            ("amy", "Inbox", mails.Forged),
            ("cleo", "Inbox", Mails.Card),
            ("amy", "Inbox", Mails.Private),
            ("amy", "Sent", Mails.ToBoth),
            ("cleo", "Inbox", Mails.Late),
            ("amy", "Inbox", spoofed),
            // Each copy is found by a rule of its own, and the mail names both.
            ("cleo", "Inbox", newsletter with { Headers = new() { ["precedence"] = "bulk" } }),
            ("cleo", "Archive", newsletter with { Headers = new() { ["list-unsubscribe"] = "<https://customer.example/u>" } }),
            ("ben", "Inbox", shopping),
        })
        {
            // The copy in the trash was there before: see above.
            var day = folder switch { "Trash" => "09", "Inbox" => "10", _ => "11" };
            await _stand.ProduceRawAsync(account, "messageNew", mail.Webhook(_stand.Account(account), folder, $"2026-06-{day}T12:00:00.000Z"));
        }

        await _stand.ProduceAsync("amy", "messageSent", $$"""
            "messageId":"{{StoryMail.IdOf("offer")}}","queueId":"offer","response":"250 ok","envelope":{"from":"{{Mails.Amy}}","to":["{{Mails.Ann}}","{{address}}"]}
            """, "2026-06-01T10:00:05.000Z");
        await _stand.ProduceAsync("amy", "messageBounce", $"\"messageId\":\"{StoryMail.IdOf("offer")}\",\"recipient\":\"{address}\",\"action\":\"failed\",\"response\":{{\"source\":\"smtp\",\"message\":\"550 no\"}}", "2026-06-01T10:01:00.000Z");

        // By webhook and by the listing: one event in two places.
        foreach (var mail in new[] { Mails.Counter, Mails.Terms, Mails.Introduction, Mails.Order })
        {
            await _stand.ProduceTeamMailAsync("team", mail.AtTeamAddressAsText(), mail.Name);
            await _stand.ProduceTeamMailAsync("team", mail.AtTeamAddressAsText(), mail.Name);
        }
    }

    /// <summary>The tables as they are before the first event: who is connected, the contacts but for Zoe, a company and two deals.</summary>
    private async Task BeginAsync()
    {
        await _stand.Database.ExecuteAsync(
            $"""
            truncate accounts, account_addresses, activities, message_keys, timeline_entries, activity_contacts, skipped_events, delivery_reports, address_ledger, address_names,
                dead_letters, thread_links, contacts, companies, deals, erasures, erased_addresses cascade;
            insert into accounts (id) values ('{_stand.Account("amy")}'), ('{_stand.Account("ben")}'), ('{_stand.Account("cleo")}');
            insert into account_addresses (account_id, address)
            values ('{_stand.Account("amy")}', '{Mails.Amy}'), ('{_stand.Account("ben")}', '{Mails.Ben}'), ('{_stand.Account("cleo")}', '{Mails.Cleo}');
            insert into contacts (id, name)
            values ('00000000-0000-7000-8000-0000000000c1', 'Ann'), ('00000000-0000-7000-8000-0000000000c2', 'Bob'), ('{Eve}', 'Eve');
            insert into contact_addresses (address, contact_id) select lower(name) || case name when 'Eve' then '@partner.example' else '@customer.example' end, id from contacts;
            insert into companies (id, name) values ('00000000-0000-7000-8000-0000000000e1', 'Customer');
            insert into company_domains (domain, company_id) select 'customer.example', id from companies;
            insert into deals (id, name, company_id) values ('{Licences}', 'Licences', '00000000-0000-7000-8000-0000000000e1'), ('00000000-0000-7000-8000-0000000000d2', 'Renewal', null);
            insert into deal_periods (deal_id, opened_at) select id, '2026-01-01Z' from deals;
            insert into deal_contacts (deal_id, contact_id) select deals.id, contacts.id from deals, contacts where deals.name = 'Renewal' and contacts.name = 'Ann';
            truncate address_changes;
            """, Cancel);
        await _stand.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().KeyDeleteAsync(_claims);
    }

    /// <summary>Deals everything that happens, some of it twice, to workers that know nothing of each other.</summary>
    private async Task PlayAsync(Random random)
    {
        var again = random.GetItems(_stand.Events.ToArray(), _stand.Events.Count / 4);
        Happening[] happenings =
        [
            .. _stand.Events.Concat(again).Select(record => new Happening(record)),
            new Happening(() => _stand.AddContactAsync("Zoe", Mails.Zoe)),
            new Happening(async () => (await _stand.Client.DeleteAsync($"/api/contacts/{Eve}")).AssertStatus(200)),
        ];
        random.Shuffle(happenings);
        var hands = happenings.Index().GroupBy(dealt => dealt.Index % Workers, dealt => dealt.Item).Select(hand => (Happenings: hand.ToList(), Sizes: new Random(random.Next())));
        await Task.WhenAll(hands.ToList().Select(hand => Task.Run(() => WorkAsync(hand.Happenings, hand.Sizes), Cancel)));

        // A mail that was looked up before Zoe was made and written after it is found by the look of two seconds later, which is now.
        await _stand.Database.ExecuteAsync("update address_changes set look_at = now()", Cancel);
        await _stand.LinkPastMailAsync();
    }

    private async Task WorkAsync(List<Happening> happenings, Random sizes)
    {
        var worker = _stand.Services.GetRequiredService<Func<IBatchPipeline>>()();
        for (var at = 0; at < happenings.Count;)
        {
            if (happenings[at].Act is { } act)
            {
                await act();
                at++;
                continue;
            }

            var batch = happenings.Skip(at).Take(sizes.Next(1, 8)).TakeWhile(happening => happening.Record is not null).Select(happening => happening.Record!).ToList();
            await worker.ProcessAsync(batch, Cancel, Cancel);
            at += batch.Count;
        }
    }

    private RedisKey KeyOf(ConsumeResult<byte[], byte[]> record)
    {
        Assert.True(MailEventHeaders.TryRead(record.Message.Headers, out var headers, out var wrongHeader), wrongHeader);
        return $"dedup:{_stand.Name}:{headers.Source.ToText()}:{Encoding.UTF8.GetString(record.Message.Key)}:{headers.EventId.Value}";
    }

    private async Task<string> ReadStoryAsync()
    {
        var lines = await _stand.Database.QueryAsync<string>(
            """
            select string_agg(line, chr(10) order by at, line)
            from (
                select
                    min(mail.occurred_at) as at,
                    concat_ws(
                        ' | ',
                        split_part(min(message_id), '@', 1),
                        string_agg(distinct mail.account_id collate "C", ' '),
                        (select string_agg(distinct concat_ws(' ', name, matched_by), ', ')
                         from activity_contacts join contacts on contacts.id = contact_id join activities as copy on copy.id = activity_id where copy.mail_key = mail.mail_key),
                        string_agg(distinct deals.name || ' ' || deal_reason, ', '),
                        bit_or(tags),
                        (select split_part(first.message_id, '@', 1) from activities as first where thread_of(first.mail_key) = thread_of(mail.mail_key) order by first.occurred_at limit 1)) as line
                from activities as mail
                left join activity_routes on activity_id = mail.id
                left join deals on deals.id = deal_id
                group by mail.mail_key
            ) as lines
            """, Cancel);
        return lines.Replace($"{_stand.Name}-", "", StringComparison.Ordinal);
    }

    /// <summary>Shows the first line that is not the same.</summary>
    private static void AssertSame(int seed, string expected, string seen)
    {
        if (expected != seen)
        {
            var (want, have) = (expected.Split('\n'), seen.Split('\n'));
            var at = Enumerable.Range(0, want.Length).First(n => want[n] != have.ElementAtOrDefault(n) || n == want.Length - 1);
            Assert.Fail($"Order {seed}:\n{have.ElementAtOrDefault(at)}\nand not:\n{want[at]}");
        }
    }

    /// <summary>A record that is read, or what somebody does.</summary>
    private sealed record Happening(ConsumeResult<byte[], byte[]>? Record, Func<Task>? Act)
    {
        public Happening(ConsumeResult<byte[], byte[]> record) : this(record, null)
        {
        }

        public Happening(Func<Task> act) : this(null, act)
        {
        }
    }
}
