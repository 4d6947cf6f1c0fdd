namespace CrmMail.SystemTests.Replay;

/// <summary>What may be stored is a rule like any other: a replay tells what it would change, and changes it.</summary>
public sealed class PrivacyReplayTests(RunningApplication system)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_stored_before_there_was_a_pattern_is_listed_and_put_right()
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Redaction:Patterns:0", "C-[0-9]{6}"));
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "Customer C-123456");
        await stand.ProduceMailAsync("amy", "2", "ann@customer.example", subject: "Card 4111 1111 1111 1111");
        await stand.ProduceMailAsync("amy", "3", "ann@customer.example", subject: "Nothing of that");
        await stand.ProcessLiveAsync();
        var right = await stand.SnapshotAsync();
        Assert.Contains("Customer [redacted]", right, StringComparison.Ordinal);
        Assert.Contains("Card [redacted]", right, StringComparison.Ordinal);
        Assert.Equal("completed, 3 unchanged", ReplayStand.Describe(await stand.RunAsync("rebuild", execute: false)));

        await stand.Database.ExecuteAsync("update activities set subject = 'Customer C-123456' where subject like 'Customer%'", Cancel);

        const string Change = "changed amy Customer C-123456: content";
        Assert.Equal(Change, await stand.ChangesAsync(await stand.RunAsync("rebuild", execute: false)));
        Assert.Equal(Change, await stand.ChangesAsync(await stand.RunAsync("rebuild")));
        Assert.Equal(right, await stand.SnapshotAsync());
    }
}
