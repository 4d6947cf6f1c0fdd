namespace CrmMail.SystemTests.Replay;

/// <summary>What a fill adds, and what it leaves alone (R5).</summary>
public sealed class FillTests(RunningApplication system)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fill_of_an_empty_database_writes_what_the_live_events_wrote()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await Mails.ProduceAllKindsAsync(stand);
        await stand.ProcessLiveAsync();
        var live = await stand.SnapshotAsync();
        await stand.ForgetEverythingAsync();

        var run = await stand.RunAsync("fill", options: """, "ratePerSecond": 1000000""");

        Assert.Equal(live, await stand.SnapshotAsync());
        Assert.Equal("completed", run.GetProperty("state").GetString());
        Assert.Equal(run.GetProperty("totalRecords").GetInt64(), run.GetProperty("doneRecords").GetInt64());
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("verify")]
    [InlineData("rebuild")]
    public async Task A_range_that_is_right_is_left_as_it_is(string mode)
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "3"));
        await Mails.ProduceAllKindsAsync(stand);
        await stand.ProcessLiveAsync();
        var before = await stand.SnapshotAsync();

        var first = await stand.RunAsync(mode);
        var second = await stand.RunAsync(mode);

        Assert.Equal(before, await stand.SnapshotAsync());
        Assert.Equal(Mails.Unchanged, ReplayStand.Describe(first));
        Assert.Equal(Mails.Unchanged, ReplayStand.Describe(second));
        Assert.Empty(await stand.ChangesAsync(first));
    }

    [Fact]
    public async Task Without_execute_nothing_is_changed_and_what_would_be_is_told()
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "1"));
        await Mails.ProduceAllKindsAsync(stand);
        await stand.AddContactAsync("Late", "late@customer.example");

        var dry = await stand.RunAsync("fill", execute: false);
        Assert.Equal("", await stand.SnapshotAsync());
        var real = await stand.RunAsync("fill");

        Assert.Equal("verify", dry.GetProperty("mode").GetString());
        Assert.Equal(ReplayStand.Describe(real), ReplayStand.Describe(dry));
        Assert.Equal(await stand.ChangesAsync(real), await stand.ChangesAsync(dry));
        Assert.Equal(0, await stand.Database.QueryAsync<long>("select count(*) from pg_namespace where nspname like 'replay\\_%'", Cancel));
    }

    [Fact]
    public async Task A_contact_that_was_made_later_gets_the_mails_from_before()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await stand.ProduceMailAsync("a", "early", "late@customer.example");
        await stand.ProduceMailAsync("a", "other", "nobody@x.example");
        await stand.ProcessLiveAsync();
        Assert.Equal(0, await stand.Database.QueryAsync<long>("select count(*) from activities", Cancel));
        await stand.AddContactAsync("Late", "late@customer.example");

        var run = await stand.RunAsync("fill");

        Assert.Equal("completed, 1 added, 1 skipped", ReplayStand.Describe(run));
        Assert.Equal("added a early: missing", await stand.ChangesAsync(run));
        Assert.Equal("no-contact", await stand.Database.QueryAsync<string>("select string_agg(reason, ', ') from skipped_events", Cancel));
        Assert.Equal("1 1", await stand.Database.QueryAsync<string>("select incoming_count || ' ' || skipped_count from accounts", Cancel));
    }

    [Fact]
    public async Task Skips_that_are_forgotten_are_not_counted_again()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await stand.ProduceMailAsync("a", "old", "nobody@x.example");
        await stand.ProcessLiveAsync();
        await stand.Database.ExecuteAsync("delete from skipped_events", Cancel);

        await stand.RunAsync("fill");
        Assert.Equal(1, await stand.Database.QueryAsync<long>("select count(*) from skipped_events", Cancel));
        Assert.Equal(2, await stand.Database.QueryAsync<long>("select skipped_count from accounts", Cancel));
    }

    [Fact]
    public async Task Only_the_account_and_the_events_that_were_asked_for_are_taken()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("a", "1", "ann@customer.example");
        await stand.ProduceMailAsync("b", "2", "ann@customer.example");
        await stand.ProduceAsync("a", "messageDeleted", "\"id\":\"1\"");

        var run = await stand.RunAsync("fill", options: $$""", "account": "{{stand.Account("a")}}", "event": "messageNew" """);

        Assert.Equal("completed, 1 added", ReplayStand.Describe(run));
        Assert.Equal(run.GetProperty("totalRecords").GetInt64(), run.GetProperty("doneRecords").GetInt64());
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_one_dead_letter_however_often_it_is_replayed()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("a", "1", "ann@customer.example");
        await stand.ProduceRawAsync("a", "messageNew", "no json");
        await stand.ProduceMailAsync("a", "2", "ann@customer.example");
        await stand.ProcessLiveAsync();

        var fill = await stand.RunAsync("fill");
        var verify = await stand.RunAsync("verify");
        var rebuild = await stand.RunAsync("rebuild");

        Assert.All([fill, verify, rebuild], run => Assert.Equal("completed, 2 unchanged, 1 deadLetters", ReplayStand.Describe(run)));
        Assert.Equal("1 1", await stand.Database.QueryAsync<string>("select count(*) || ' ' || max(attempt) from dead_letters", Cancel));
    }
}
