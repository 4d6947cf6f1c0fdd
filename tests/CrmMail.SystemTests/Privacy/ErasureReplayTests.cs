using System.Globalization;
using CrmMail.SystemTests.Replay;

namespace CrmMail.SystemTests.Privacy;

/// <summary>The events of an erased person are still in Kafka, and more may come: nothing brings the person back.</summary>
public sealed class ErasureReplayTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;
    private string _ann = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system);
        _ann = await _stand.AddContactAsync("Ann Smith", "ann@customer.example");
        await _stand.AddContactAsync("Bob", "bob@customer.example");
        await ProduceAsync("early");
        await _stand.ProcessLiveAsync();
        Assert.Equal(3, await CountAsync("activities"));
        (await _stand.Client.DeleteAsync($"/api/contacts/{_ann}")).AssertStatus(200);
        await AssertNobodyKnowsHerAsync();
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task Mails_that_come_later_are_written_without_her(int batchSize)
    {
        await ProduceAsync("late");
        await _stand.ProcessLiveAsync(batchSize);

        Assert.Equal(4, await CountAsync("activities"));
        await AssertNobodyKnowsHerAsync();
        Assert.Equal("bob@customer.example", await _stand.Database.QueryAsync<string>(
            "select string_agg(mailbox->>'address', ',') from activities, jsonb_array_elements(participants->'to') as mailbox where subject = 'late both'", Cancel));
        Assert.Equal("bounced", await _stand.Database.QueryAsync<string>("select status from activities where subject = 'late both'", Cancel));
    }

    [Fact]
    public async Task No_replay_brings_her_back()
    {
        await ProduceAsync("late");
        await _stand.ProcessLiveAsync();
        Assert.Equal("completed, 4 unchanged, 7 skipped", ReplayStand.Describe(await _stand.RunAsync("fill")));
        await AssertNobodyKnowsHerAsync();

        await _stand.Database.ExecuteAsync("delete from activities", Cancel);
        Assert.Equal("completed, 4 added, 7 skipped", ReplayStand.Describe(await _stand.RunAsync("fill")));
        await AssertNobodyKnowsHerAsync();

        Assert.Equal("completed, 4 unchanged, 7 skipped", ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));
        Assert.Equal("completed, 4 unchanged, 7 skipped", ReplayStand.Describe(await _stand.RunAsync("rebuild")));
        await AssertNobodyKnowsHerAsync();
    }

    [Fact]
    public async Task The_same_events_in_any_batches_make_the_same_rows()
    {
        await ProduceAsync("late");
        await _stand.ForgetEverythingAsync();
        await _stand.ProcessLiveAsync();
        var first = await _stand.SnapshotAsync();
        await _stand.ForgetEverythingAsync();
        await _stand.ProcessLiveAsync(batchSize: 1);

        Assert.Equal(first, await _stand.SnapshotAsync());
        await AssertNobodyKnowsHerAsync();
    }

    [Fact]
    public async Task No_import_brings_her_back_and_who_enters_her_on_purpose_does()
    {
        var lines = await _stand.Client.ImportAsync(["""{"name": "Ann", "addresses": ["ann@customer.example"]}""", """{"name": "Ann", "addresses": ["ann+news@customer.example"]}""", """{"name": "Bob", "addresses": ["bob@home.example"]}"""]);
        Assert.Equal(["failed", "failed", "created"], lines.Select(line => line.GetProperty("status").GetString()));
        Assert.Equal("addresses[0]", string.Join(',', lines[0].GetProperty("errors").EnumerateObject().Select(fault => fault.Name)));
        await AssertNobodyKnowsHerAsync();

        await _stand.AddContactAsync("Ann again", "ann@customer.example");

        Assert.Equal(0, await CountAsync("erased_addresses"));
        await _stand.RunAsync("fill");
        Assert.Equal(3, await CountAsync("activities"));
    }

    [Fact]
    public async Task A_rebuild_that_was_drafted_before_an_erasure_ends()
    {
        await _stand.Database.ExecuteAsync("update erased_addresses set erased_at = now() + interval '1 hour'", Cancel);

        var run = await _stand.RunAsync("rebuild");

        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.StartsWith("A person was erased after the run had begun", run.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("completed", (await _stand.RunAsync("rebuild", execute: false)).GetProperty("state").GetString());
    }

    /// <summary>One mail to her alone, one that only copies her, the later one with a tag, and one that went to both and came back from her.</summary>
    private async Task ProduceAsync(string when)
    {
        var copied = when == "late" ? "ann+work@customer.example" : "ann@customer.example";
        const string Both = """{"name":"Ann Smith","address":"Ann@Customer.example"},{"name":"Bob","address":"bob@customer.example"}""";
        await _stand.ProduceMailAsync("amy", $"{when}-alone", "ann@customer.example", subject: $"{when} alone");
        await _stand.ProduceMailAsync("amy", $"{when}-copied", "bob@customer.example", subject: $"{when} copied", extra: $",\"cc\":[{{\"name\":\"Ann Smith\",\"address\":\"{copied}\"}}]");
        await _stand.ProduceAsync("amy", "messageSent", $"\"messageId\":\"<{when}-both@{_stand.Name}>\",\"response\":\"250 ok <ann@customer.example>\",\"envelope\":{{\"from\":\"amy@corp.example\",\"to\":[\"ann@customer.example\",\"bob@customer.example\"]}}");
        await _stand.ProduceAsync(
            "amy",
            "messageNew",
            $$"""
            "id":"{{when}}","path":"Sent","messageSpecialUse":"\\Sent","messageId":"<{{when}}-both@{{_stand.Name}}>","subject":"{{when}} both","from":{"name":"","address":"amy@corp.example"},"to":[{{Both}}]
            """);
        await _stand.ProduceAsync("amy", "messageBounce", $"\"messageId\":\"<{when}-both@{_stand.Name}>\",\"recipient\":\"ann@customer.example\",\"response\":\"550 no such user\"");
        if (when == "late")
        {
            // A report of a mail that is not known, whose words nobody would find once it is stored.
            await _stand.ProduceAsync("amy", "messageBounce", $"\"messageId\":\"<{when}-unknown@{_stand.Name}>\",\"recipient\":\"ann@customer.example\",\"response\":\"550 no such user\"");
        }
    }

    private Task AssertNobodyKnowsHerAsync() => WholeDatabase.AssertNobodyKnowsAsync(_stand.Database.DataSource, "ann@", "ann+", "Ann Smith");

    private Task<long> CountAsync(string table) => _stand.Database.QueryAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from {table}"), Cancel);
}
