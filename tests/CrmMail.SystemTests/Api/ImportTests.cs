using System.Diagnostics;
using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>Contacts as a stream of lines.</summary>
public sealed class ImportTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly string[] FirstAndSecondTime = ["created", "unchanged"];

    private ScratchApi _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Every_line_gets_its_answer_and_a_bad_one_fails_alone()
    {
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'); insert into account_addresses (account_id, address) values ('amy', 'amy@corp.example')");
        var ann = await _api.Client.AddContactAsync("Ann", "ann@example.org");
        var bob = await _api.Client.AddContactAsync("Bob", "bob@example.org");
        var answers = await _api.Client.ImportAsync([
            "\uFEFF" + """{"name": "Carol", "addresses": ["carol@example.org"]}""",
            """{"name": "Ann", "addresses": ["ANN@example.org"]}""",
            "",
            """{"name": "Ann Smith", "addresses": ["ann@example.org", "ann@home.example"]}""" + "\r",
            """{"addresses": ["ann@home.example", "ann@office.example"]}""",
            """{"name": "nobody"}""",
            """{"name": oops""",
            "null",
            """{"name": "x", "addresses": ["x"], "colour": "red"}""",
            """{"addresses": ["x"]}""",
            """{"addresses": ["ann@example.org", "bob@example.org"]}""",
            """{"addresses": ["amy@corp.example"]}""",
            """{"addresses": ["dan@example.org"], "companyId": "00000000-0000-7000-8000-000000000002"}""",
            """{"name": "\u0000", "addresses": ["dan@example.org"]}""",
            $$"""{"name": "{{new string('n', 70_000)}}", "addresses": ["dan@example.org"]}""",
            """{"addresses": ["carol@example.org"]}""",
        ]);
        Assert.Equal(
            """
            1 created
            2 unchanged
            4 updated
            5 updated
            6 failed addresses
            7 failed $
            8 failed $
            9 failed colour
            10 failed addresses[0]
            11 failed addresses[1]
            12 failed addresses[0]
            13 failed companyId
            14 failed name
            15 failed $
            16 unchanged
            """,
            string.Join('\n', answers.Select(Describe)));
        Assert.All(answers[1..4], answer => Assert.Equal(ann, answer.GetProperty("id").GetGuid()));
        Assert.Equal(answers[0].GetProperty("id").GetGuid(), answers[14].GetProperty("id").GetGuid());
        var stored = (await _api.Client.GetAsync($"/api/contacts/{ann}")).Json;
        Assert.Equal("Ann Smith", stored.GetProperty("name").GetString());
        Assert.Equal(["ann@example.org", "ann@home.example", "ann@office.example"], stored.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        Assert.Contains(bob.ToString(), answers[9].GetProperty("errors").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(3, await _api.QueryAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task Fifty_thousand_lines_with_bad_ones_come_in_and_again_change_nothing()
    {
        const int Count = 50_000;
        var lines = Enumerable.Range(1, Count).Select(n => n % 1_000 == 0 ? "{oops" : $$"""{"name": "Person {{n}}", "addresses": ["person-{{n}}@example.org", "p{{n}}@home.example"]}""").ToList();
        foreach (var status in FirstAndSecondTime)
        {
            var watch = Stopwatch.StartNew();
            var answers = await _api.Client.ImportAsync(lines);
            TestContext.Current.TestOutputHelper!.WriteLine($"{status}: {Count / watch.Elapsed.TotalSeconds:0} lines a second");
            Assert.Equal(Enumerable.Range(1, Count).Select(n => (long)n), answers.Select(answer => answer.GetProperty("line").GetInt64()));
            Assert.All(answers, answer => Assert.Equal(answer.GetProperty("line").GetInt64() % 1_000 == 0 ? "failed" : status, answer.GetProperty("status").GetString()));
        }

        Assert.Equal(Count - (Count / 1_000), await _api.QueryAsync<long>("select count(*) from contacts"));
        Assert.Equal(2 * (Count - (Count / 1_000)), await _api.QueryAsync<long>("select count(*) from contact_addresses"));
    }

    [Fact]
    public async Task A_line_is_answered_before_the_next_one_is_sent()
    {
        await using var import = await OpenImport.StartAsync(_api, Cancel);
        for (var number = 1; number <= 3; number++)
        {
            await import.SendAsync($$"""{"addresses": ["{{number}}@example.org"]}""", Cancel);
            Assert.Equal($"{number} created", Describe(JsonElement.Parse((await import.ReadAsync(Cancel))!)));
        }

        await import.EndAsync(Cancel);
        Assert.Null(await import.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Imports_of_the_same_contacts_side_by_side_make_each_once()
    {
        var lines = Enumerable.Range(1, 3_000).Select(n => $$"""{"name": "Person {{n}}", "addresses": ["a{{n}}@example.org", "b{{n}}@example.org"]}""").ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed =>
        {
            var shuffled = lines.ToArray();
            new Random(seed).Shuffle(shuffled);
            return _api.Client.ImportAsync(shuffled);
        }));
        Assert.Equal(3_000, answers.Sum(import => import.Count(answer => answer.GetProperty("status").GetString() == "created")));
        Assert.Equal(9_000, answers.Sum(import => import.Count(answer => answer.GetProperty("status").GetString() == "unchanged")));
        Assert.Equal(3_000, await _api.QueryAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task An_import_that_cannot_go_on_ends_with_the_problem()
    {
        await using var import = await OpenImport.StartAsync(_api, Cancel);
        await import.SendAsync("""{"addresses": ["1@example.org"]}""", Cancel);
        Assert.NotNull(await import.ReadAsync(Cancel));

        await _api.ExecuteAsync("alter table contact_addresses rename to elsewhere");
        await import.SendAsync("""{"addresses": ["2@example.org"]}""", Cancel);
        var last = JsonElement.Parse((await import.ReadAsync(Cancel))!);
        Assert.EndsWith("/internal-error", last.GetProperty("problem").GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Null(await import.ReadAsync(Cancel));
    }

    private static string Describe(JsonElement answer) =>
        $"{answer.GetProperty("line")} {answer.GetProperty("status")} {(answer.TryGetProperty("errors", out var errors) ? string.Join(", ", errors.EnumerateObject().Select(error => error.Name)) : "")}".TrimEnd();
}
