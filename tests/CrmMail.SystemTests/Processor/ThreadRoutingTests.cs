using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

/// <summary>The deal of a conversation: docs/deals.md. Ann has a deal that would get all of her mails, and two others have addresses.</summary>
public sealed class ThreadRoutingTests(RunningApplication system) : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-thread-routing-tests";

    private static readonly Guid Anns = new("00000000-0000-7000-8000-000000000001");
    private static readonly Guid One = new("00000000-0000-7000-8000-000000000002");
    private static readonly Guid Two = new("00000000-0000-7000-8000-000000000003");

    private PipelineHost _pipeline = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _pipeline = await PipelineHost.StartAsync(system, ("Routing:Domain", "inbound.example"), ("Routing:Secrets:0", Secret));
        await _pipeline.AddContactAsync("Ann", "ann@customer.example");
        await _pipeline.Database.ExecuteAsync(
            $"""
            insert into deals (id, name) values ('{Anns}', 'anns'), ('{One}', 'one'), ('{Two}', 'two');
            insert into deal_periods (deal_id, opened_at) select id, '2026-01-01Z' from deals;
            insert into deal_contacts (deal_id, contact_id) select '{Anns}', id from contacts;
            """, Cancel);
    }

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    // Mails as "id day deal of its address > the mail it answers", in the order in which they come, each in a batch of its own; and where all are then.
    [Theory]
    [InlineData("a 1; b 2 >a", "a contact anns, b contact anns")] // what follows from a contact gives nothing
    [InlineData("a 1 one; b 2 >a; c 3 >b", "a routing-address one, b thread one, c thread one")]
    [InlineData("c 3 >b; b 2 >a; a 1 one", "a routing-address one, b thread one, c thread one")]
    [InlineData("a 1; b 2 >a; c 3 one >b", "a thread one, b thread one, c routing-address one")]
    [InlineData("a 1; b 2 one >a; c 3 two >b; d 4 >c", "a thread one, b routing-address one, c routing-address two, d thread one")]
    [InlineData("c 3 two; d 4 >c; a 1; b 2 one >a; e 5 >b >d", "a thread one, b routing-address one, c routing-address two, d thread one, e thread one")] // two conversations become one
    [InlineData("a 1 one; b 1 two >a; c 2 >b", "a routing-address one, b routing-address two, c thread {smaller}")] // at the same time: the smaller key
    [InlineData("a 1 nobody; b 2 >a", "a contact anns, b contact anns")] // well signed, but no deal
    [InlineData("a 1 one; b 2", "a routing-address one, b contact anns")] // another conversation
    [InlineData("a 1 one; ben:a 1; ben:b 2 >a", "a routing-address one, a thread one, b thread one")] // a blind copy that the other account does not see
    public async Task A_mail_goes_where_the_first_mail_of_its_conversation_with_an_address_goes(string mails, string expected)
    {
        foreach (var mail in mails.Split("; "))
        {
            await _pipeline.ProcessAsync(Record(mail));
        }

        var smaller = KeyOf("a").Span.SequenceCompareTo(KeyOf("b").Span) < 0 ? "one" : "two";
        Assert.Equal(expected.Replace("{smaller}", smaller, StringComparison.Ordinal), await RoutesAsync());
    }

    [Fact]
    public async Task What_a_person_says_of_one_mail_is_the_deal_of_its_conversation_from_the_next_mail_on()
    {
        await _pipeline.ProcessAsync(Record("a 1"), Record("b 2 two >a"));
        await SayAsync("a", One, isLinked: true);
        Assert.Equal("a thread two, b routing-address two", await RoutesAsync());

        await _pipeline.ProcessAsync(Record("c 3 >b"));
        Assert.Equal("a thread one, b routing-address two, c thread one", await RoutesAsync());

        // The mail no longer gives anything, and what a person removed from a deal gives that deal no more.
        await SayAsync("a", One, isLinked: false);
        await SayAsync("b", Two, isLinked: false);
        await _pipeline.ProcessAsync(Record("d 4 >c"));
        Assert.Equal("a contact anns, b routing-address two, c contact anns, d contact anns", await RoutesAsync());
    }

    [Fact]
    public async Task A_mail_from_which_a_person_was_erased_stays_where_it_is_and_still_gives_its_deal()
    {
        await _pipeline.ProcessAsync(Record("a 1 one"), Record("b 2 >a"));
        await _pipeline.Database.ExecuteAsync("update activities set redacted_at = now(), participants = '{}'", Cancel);

        await _pipeline.ProcessAsync(Record("c 0 two >b"), Record("d 4 >c"));

        Assert.Equal("a routing-address one, b thread one, c routing-address two, d thread two", await RoutesAsync());
    }

    /// <summary>Two accounts in two partitions: conversations that come to deals and to each other in every order, by two workers at once.</summary>
    [Fact]
    public async Task A_hundred_shuffles_by_two_workers_give_the_same_routes()
    {
        string[] told =
        [
            "a 1", "b 2 >a", "ben:c 3 one >b", "ben:d 4 >c", "e 5 >d", // an address in the middle
            "ben:f 6 two", "g 7 >f", "ben:h 8 >g", "i 9 >h >b", // a conversation that joins the first by its last mail
            "j 1 two", "ben:k 2 one >j", "l 3 >k", "ben:l 3 >k", "m 4 >l", "ben:m 4 two >l", // two deals, and copies of which one has the address
            "n 1", "ben:o 2 >n", // no deal
            "b 2 >a", "ben:o 1 >n", // once more, and at an earlier time
        ];
        string? first = null;
        for (var seed = 1; seed <= 100; seed++)
        {
            await _pipeline.Database.ExecuteAsync("truncate accounts, activities, message_keys, timeline_entries, activity_contacts, skipped_events, delivery_reports, thread_links cascade; insert into accounts (id) values ('amy'), ('ben')", Cancel);
            var random = new Random(seed);
            random.Shuffle(told);
            await Task.WhenAll(told.GroupBy(AccountOf).Select(own => (Sizes: new Random(random.Next()), Mails: own.ToArray())).Select(own => Task.Run(() => WorkAsync(own.Mails, own.Sizes), Cancel)));

            var routes = await RoutesAsync();
            first ??= routes;
            Assert.True(first == routes, $"Shuffle {seed}: {string.Join("; ", told)}\n{routes}\nThe first one:\n{first}");
        }

        Assert.Equal(
            "a thread one, b thread one, c routing-address one, d thread one, e thread one, f routing-address two, g thread one, h thread one, i thread one, "
            + "j routing-address two, k routing-address one, l thread two, l thread two, m routing-address two, m thread two, n contact anns, o contact anns",
            first);
        Assert.DoesNotContain(_pipeline.Log.Lines, line => line.Contains("40P01", StringComparison.Ordinal));

        async Task WorkAsync(string[] mails, Random sizes)
        {
            var worker = _pipeline.CreatePipeline();
            for (var at = 0; at < mails.Length;)
            {
                var count = Math.Min(sizes.Next(1, 6), mails.Length - at);
                await worker.ProcessAsync([.. mails.AsSpan(at, count).ToArray().Select(Record)], Cancel, Cancel);
                at += count;
            }
        }
    }

    [Fact]
    public async Task Ten_thousand_mails_follow_their_conversation_in_one_transaction()
    {
        const int Size = 10_000;
        var pipeline = _pipeline.CreatePipeline();
        foreach (var batch in Enumerable.Range(0, Size).Chunk(500))
        {
            await pipeline.ProcessAsync([.. batch.Select(n => Record(n == 0 ? "0 2" : $"{n} 2 >0"))], Cancel, Cancel);
        }

        await _pipeline.Database.ExecuteAsync("analyze", Cancel);
        await MeasureAsync("A reply, before the conversation has a deal", "before 3 >0");
        await MeasureAsync("The mail with the address, which all follow", "address 1 one >0");
        await MeasureAsync("A reply, when it has one", "after 3 >0");

        Assert.Equal(Size + 2, await _pipeline.Database.QueryAsync<long>($"select count(*) from activity_routes where deal_id = '{One}' and deal_reason = 'thread'", Cancel));
        Assert.Equal(Size + 3, await _pipeline.Database.QueryAsync<long>("select count(*) from activities", Cancel));

        async Task MeasureAsync(string what, string mail)
        {
            var clock = Stopwatch.StartNew();
            await pipeline.ProcessAsync([Record(mail)], Cancel, Cancel);
            TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {clock.Elapsed.TotalMilliseconds:f0} ms, all that is done with the mail included.");
        }
    }

    private static string AccountOf(string mail) => mail.Contains(':', StringComparison.Ordinal) ? mail.Split(':')[0] : "amy";

    private static ReadOnlyMemory<byte> KeyOf(string id) => MessageKey.TryFromMessageId($"{id}@x.example", out var key) ? key.Bytes : default;

    private ConsumeResult<byte[], byte[]> Record(string mail)
    {
        var account = AccountOf(mail);
        var words = mail[(mail.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ');
        var before = string.Join(' ', words.Where(word => word[0] == '>').Select(word => $"<{word[1..]}@x.example>"));
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddDays(int.Parse(words[1], CultureInfo.InvariantCulture)).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var to = words.Length > 2 && words[2][0] != '>' ? AddressOf(words[2]) : $"{account}@corp.example";
        return _pipeline.Record(
            $$$"""
            {"account":"{{{account}}}","date":"2026-06-01T12:00:00.000Z","event":"messageNew","data":{"id":"{{{words[0]}}}","path":"Inbox","messageSpecialUse":"\\Inbox","messageId":"<{{{words[0]}}}@x.example>","subject":"{{{words[0]}}}","date":"{{{at}}}","from":{"name":"","address":"ann@customer.example"},"to":[{"name":"","address":"{{{to}}}"}],"headers":{"references":["{{{before}}}"]} } }
            """,
            account: account);
    }

    private static string AddressOf(string deal)
    {
        var addresses = new RoutingAddresses(new RoutingOptions { Domain = "inbound.example", Secrets = { Secret } });
        Assert.True(addresses.TryGetAddress(deal switch { "one" => One, "two" => Two, _ => Guid.CreateVersion7() }, out var address));
        return address;
    }

    private Task SayAsync(string subject, Guid deal, bool isLinked) => _pipeline.Database.ExecuteAsync(
        $"""
        insert into deal_mails (deal_id, mail_key, is_linked, said_by)
        select '{deal}', mail_key, {isLinked}, 'test' from activities where subject = '{subject}'
        on conflict (deal_id, mail_key) do update set is_linked = excluded.is_linked
        """, Cancel);

    private Task<string> RoutesAsync() => _pipeline.Database.QueryAsync<string>(
        """
        select string_agg(concat_ws(' ', subject, deal_reason, deals.name), ', ' order by subject, deal_reason)
        from activities
        left join activity_routes on activity_id = activities.id
        left join deals on deals.id = deal_id
        """, Cancel);
}
