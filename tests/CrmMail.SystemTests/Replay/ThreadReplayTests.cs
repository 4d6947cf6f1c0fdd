namespace CrmMail.SystemTests.Replay;

/// <summary>Conversations that are not what the events of a range tell, such as those of mails from before there were any.</summary>
public sealed class ThreadReplayTests(RunningApplication system)
{
    private const string Threads = "select string_agg(distinct subject || ' ' || encode(thread_of(mail_key), 'hex'), ', ') from activities";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task Old_activities_get_their_threads(string mode)
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "2"));
        await ProduceConversationAsync(stand);
        await stand.ProcessLiveAsync();
        var live = await stand.Database.QueryAsync<string>(Threads, Cancel);
        Assert.Equal("completed, 4 unchanged, 1 skipped", ReplayStand.Describe(await stand.RunAsync("verify")));
        await stand.Database.ExecuteAsync("truncate thread_links", Cancel);
        Assert.NotEqual(live, await stand.Database.QueryAsync<string>(Threads, Cancel));

        var dry = await stand.RunAsync(mode, execute: false);
        Assert.Equal(0, await stand.Database.QueryAsync<long>("select count(*) from thread_links", Cancel));
        var run = await stand.RunAsync(mode);

        Assert.Equal("completed, 2 changed, 2 unchanged, 1 skipped", ReplayStand.Describe(dry));
        Assert.Equal("changed a third: thread\nchanged b second: thread", await stand.ChangesAsync(dry));
        Assert.Equal(await stand.ChangesAsync(dry), await stand.ChangesAsync(run));
        Assert.Equal(live, await stand.Database.QueryAsync<string>(Threads, Cancel));
        Assert.Equal("completed, 4 unchanged, 1 skipped", ReplayStand.Describe(await stand.RunAsync("verify")));
    }

    [Fact]
    public async Task A_contact_that_was_made_later_closes_the_hole_in_a_conversation()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("a", "first", "ann@customer.example");
        await stand.ProduceMailAsync("a", "second", "late@customer.example", extra: Answers(stand, "first"));
        await stand.ProduceMailAsync("b", "third", "ann@customer.example", extra: Answers(stand, "second"));
        await stand.ProcessLiveAsync();
        const string Count = "select count(distinct thread_of(mail_key)) from activities";
        Assert.Equal(2, await stand.Database.QueryAsync<long>(Count, Cancel));
        await stand.AddContactAsync("Late", "late@customer.example");

        await stand.RunAsync("fill");

        Assert.Equal(1, await stand.Database.QueryAsync<long>(Count, Cancel));
    }

    private static async Task ProduceConversationAsync(ReplayStand stand)
    {
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("a", "first", "ann@customer.example");
        await stand.ProduceMailAsync("b", "second", "ann@customer.example", extra: Answers(stand, "first"));
        await stand.ProduceMailAsync("a", "third", "ann@customer.example", extra: Answers(stand, "second"));
        await stand.ProduceMailAsync("a", "alone", "ann@customer.example");
        await stand.ProduceMailAsync("b", "stranger", "nobody@x.example", extra: Answers(stand, "first"));
    }

    private static string Answers(ReplayStand stand, string messageId) => $",\"inReplyTo\":\"<{messageId}@{stand.Name}>\"";
}
