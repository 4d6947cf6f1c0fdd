using System.Diagnostics;

namespace CrmMail.SystemTests.Processor;

/// <summary>Conversations in the database: in any order, by several workers at once, and of any size.</summary>
public sealed class ThreadTests(RunningApplication system) : IAsyncLifetime
{
    private PipelineHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await PipelineHost.StartAsync(system);
        await _host.AddContactAsync("Ann", "ann@customer.example");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_same_mails_in_any_order_and_in_batches_of_any_size_are_the_same_threads()
    {
        // Three conversations of ten mails, of which each names one before it, and now and then the one before that.
        string[] mails = [.. Enumerable.Range(0, 30).Select(n => n < 3 ? Mail($"{n}") : Mail($"{n}", n % 4 == 0 ? [$"{n - 3}", $"{Math.Max(n % 3, n - 6)}"] : [$"{n - 3}"]))];
        await _host.ProcessAsync([.. mails.Select(body => _host.Record(body))]);
        var expected = await ThreadsAsync();
        Assert.Equal(3, expected.Split(", ").Select(mail => mail.Split(' ')[1]).Distinct().Count());

        for (var seed = 1; seed <= 20; seed++)
        {
            await ForgetAsync();
            var random = new Random(seed);
            random.Shuffle(mails);
            for (var done = 0; done < mails.Length;)
            {
                var count = random.Next(1, 12);
                await _host.ProcessAsync([.. mails.Skip(done).Take(count).Select(body => _host.Record(body))]);
                done += count;
            }

            Assert.Equal(expected, await ThreadsAsync());
        }
    }

    [Fact]
    public async Task Workers_that_join_the_same_conversations_at_once_lose_no_join_and_do_not_deadlock()
    {
        const int Conversations = 40;
        var mails = Enumerable.Range(1, 4 * Conversations).Select(n => (Id: $"{n}", Before: new[] { $"{(n * 7) % Conversations}", $"{n % Conversations}", $"{n - 1}" })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => WorkAsync(worker)));

        Assert.Equal(1, await _host.Database.QueryAsync<long>("select count(distinct thread_of(mail_key)) from activities", Cancel));
        Assert.Equal(6L * mails.Length, await _host.Database.QueryAsync<long>("select count(*) from activities", Cancel));
        Assert.DoesNotContain(_host.Log.Lines, line => line.Contains("40P01", StringComparison.Ordinal) || line.Contains("ConcurrentWrite", StringComparison.Ordinal));

        async Task WorkAsync(int worker)
        {
            var pipeline = _host.CreatePipeline();
            var own = mails.ToArray();
            new Random(worker).Shuffle(own);
            foreach (var batch in own.Chunk(8))
            {
                var account = $"account-{worker}";
                await pipeline.ProcessAsync([.. batch.Select(mail => _host.Record(Mail(mail.Id, mail.Before, account), account: account))], Cancel, Cancel);
            }
        }
    }

    [Fact]
    public async Task To_join_two_threads_of_ten_thousand_mails_is_one_row()
    {
        const int Size = 10_000;
        var pipeline = _host.CreatePipeline();
        foreach (var thread in new[] { "a", "b" })
        {
            foreach (var batch in Enumerable.Range(0, Size).Chunk(500))
            {
                await pipeline.ProcessAsync([.. batch.Select(n => _host.Record(n == 0 ? Mail($"{thread}0") : Mail($"{thread}{n}", [$"{thread}0", $"{thread}{n - 1}"])))], Cancel, Cancel);
            }
        }

        await _host.ProcessAsync(_host.Record(Mail("warm", [$"a{Size / 2}", "warm0"])));
        const string Rows = "select count(*) || ' ' || md5(string_agg(ctid::text || xmin::text, '' order by key)) from thread_links where key not in ({0})";
        var before = await _host.Database.QueryAsync<string>(string.Format(null, Rows, "''"), Cancel);
        Assert.Equal(2, await _host.Database.QueryAsync<long>("select count(distinct thread_of(mail_key)) from activities", Cancel));
        const string Roots = "select string_agg(quote_literal(root), ', ') from (select distinct thread_of(mail_key)::text as root from activities) as threads";
        var roots = await _host.Database.QueryAsync<string>(Roots, Cancel);

        var clock = Stopwatch.StartNew();
        await pipeline.ProcessAsync([_host.Record(Mail("join", [$"a{Size - 1}", $"b{Size - 1}"]))], Cancel, Cancel);
        TestContext.Current.TestOutputHelper!.WriteLine($"Joined within {clock.Elapsed.TotalMilliseconds:f1} ms, all that is done with the mail included.");

        // The mail itself, and one of the two smallest ids; nothing else is touched.
        Assert.Equal(1, await _host.Database.QueryAsync<long>("select count(distinct thread_of(mail_key)) from activities", Cancel));
        Assert.Equal((2 * Size) - 2 + 2 + 2, await _host.Database.QueryAsync<long>("select count(*) from thread_links", Cancel));
        Assert.Equal(before, await _host.Database.QueryAsync<string>(string.Format(null, Rows, $"{roots}, sha256('join@x.example')"), Cancel));
        TestContext.Current.TestOutputHelper!.WriteLine($"Most steps from a mail to its thread: {await MostStepsAsync()}.");
    }

    [Fact]
    public async Task A_sender_who_chooses_ids_so_that_the_way_gets_long_makes_it_long_once()
    {
        // Each id is smaller than the one before, so each becomes the smallest of the conversation.
        const int Length = 200;
        await _host.Database.ExecuteAsync($"""
            insert into thread_links (key, parent)
            select key, lead(key) over (order by key desc)
            from (select sha256(('chain' || n || '@x.example')::bytea) as key from generate_series(1, {Length + 1}) as n) as ids
            order by key desc
            limit {Length}
            """, Cancel);
        Assert.Equal(Length, await MostStepsAsync());

        await _host.ProcessAsync([.. Enumerable.Range(1, Length + 1).Select(n => _host.Record(Mail($"reply{n}", [$"chain{n}"])))]);

        Assert.InRange(await MostStepsAsync(), 1, 20);
        Assert.Equal(1, await _host.Database.QueryAsync<long>("select count(distinct thread_of(mail_key)) from activities", Cancel));
    }

    private static string Mail(string id, string[]? before = null, string account = "amy")
    {
        var references = string.Join(' ', (before ?? []).Select(name => $"<{name}@x.example>"));
        return $$$"""
            {"account":"{{{account}}}","date":"2026-06-01T12:00:00.000Z","event":"messageNew","data":{"id":"{{{id}}}","path":"Inbox","messageSpecialUse":"\\Inbox","messageId":"<{{{id}}}@x.example>","subject":"{{{id}}}","from":{"name":"","address":"ann@customer.example"},"headers":{"references":["{{{references}}}"]} } }
            """;
    }

    private Task<string> ThreadsAsync() => _host.Database.QueryAsync<string>(
        "select string_agg(subject || ' ' || encode(thread_of(mail_key), 'hex'), ', ' order by subject) from activities", Cancel);

    private Task ForgetAsync() => _host.Database.ExecuteAsync("truncate activities, message_keys, timeline_entries, activity_contacts, thread_links cascade", Cancel);

    private Task<long> MostStepsAsync() => _host.Database.QueryAsync<long>(
        """
        with recursive way (at, steps) as (
            select key, 0::bigint from thread_links
            union all
            select parent, steps + 1 from way join thread_links on key = at
        )
        select max(steps) from way
        """, Cancel);
}
