using System.Text.Json;

namespace CrmMail.SystemTests.Replay;

/// <summary>By which rule addresses lead to contacts: what is stored, what is explained, and what replays say of it.</summary>
public sealed class MatchReplayTests(RunningApplication system) : IAsyncLifetime
{
    // An address, to whom it leads, and by which rule. Two contacts have addresses of the mailbox annsmith@gmail.com: Ann, who was made first, and Bob.
    private static readonly (string Address, string Expected)[] Table =
    [
        ("ann@customer.example", "Ann exact"),
        ("Ann+Shop@Customer.Example", "Ann plus-tag"),
        ("vip+ann@customer.example", "Vip exact"),
        ("vip+other@customer.example", ""), // a tag in an address of a contact is a part of it
        ("ann.smith@gmail.com", "Ann exact"),
        ("a.nnsmith@gmail.com", "Bob exact"),
        ("ann.smith+shop@gmail.com", "Ann plus-tag"),
        ("annsmith@gmail.com", "Ann same-gmail"),
        ("A.N.N.S.M.I.T.H+x@googlemail.com", "Ann same-gmail"),
        ("an.n@customer.example", ""),
        ("stranger@gmail.com", ""),
    ];

    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "3"));
        await _stand.AddContactAsync("Ann", "ann@customer.example", "ann.smith@gmail.com");
        await _stand.AddContactAsync("Bob", "a.nnsmith@gmail.com");
        await _stand.AddContactAsync("Vip", "vip+ann@customer.example");
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task The_stored_rule_is_the_one_that_is_explained()
    {
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"o.wn@gmail.com\"", "2026-06-01T08:00:00.000Z");
        await ProduceTableAsync();
        await _stand.ProduceMailAsync("a", "copied", "own@googlemail.com", "a.nn.smith@gmail.com", "Sent", extra: ""","cc":[{"address":"ow.n@gmail.com"},{"address":"nobody@x.example"}],"replyTo":[{"address":"bob@x.example"}]""");
        await _stand.ProduceMailAsync("a", "copied", "own@googlemail.com", "a.nn.smith@gmail.com", "Moved");
        await _stand.ProcessLiveAsync();

        var expected = Table.Where(row => row.Expected.Length > 0).Select(row => $"{row.Address}: {row.Expected}").Append("copied: Ann same-gmail").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(string.Join('\n', expected), await LinksAsync());
        foreach (var (address, owner) in Table.Where(row => row.Expected.Length > 0))
        {
            var explained = await ExplainAsync(address);
            var from = explained.GetProperty("addresses")[0];
            Assert.Equal(("contact", owner), (Text(from, "outcome"), $"{Name(explained)} {Text(from.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("isDecisive").GetBoolean()), "rule")}"));
            Assert.Equal(Text(explained.GetProperty("contacts")[0], "id"), Text(from, "contactId"));
            Assert.Equal("not-asked", Text(explained.GetProperty("addresses")[1], "outcome"));
        }

        var copied = await ExplainAsync("copied");
        Assert.Equal(
            "from own@googlemail.com not-asked, reply_to bob@x.example not-asked, to a.nn.smith@gmail.com contact, cc ow.n@gmail.com author, cc nobody@x.example nobody",
            string.Join(", ", copied.GetProperty("addresses").EnumerateArray().Select(address => $"{Text(address, "role")} {Text(address, "address")} {Text(address, "outcome")}")));
        Assert.Equal("True , False known-mail", string.Join(", ", copied.GetProperty("events").EnumerateArray().Select(told => $"{told.GetProperty("madeActivity").GetBoolean()} {Text(told, "skipReason")}")));
        var rules = copied.GetProperty("addresses")[2].GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(
            "exact a.nn.smith@gmail.com: ; plus-tag : ; same-gmail annsmith@gmail.com: Ann ann.smith@gmail.com, Bob a.nnsmith@gmail.com",
            string.Join("; ", rules.Select(rule => $"{Text(rule, "rule")} {Text(rule, "key")}: {string.Join(", ", rule.GetProperty("candidates").EnumerateArray().Select(owner => $"{Text(owner, "contactName")} {Text(owner, "address")}"))}")));
        (await _stand.Client.GetAsync("/api/activities/0/explain")).AssertProblem(404, "not-found");
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task Links_from_before_rules_were_stored_get_theirs_by_a_replay(string mode)
    {
        await ProduceTableAsync();
        await _stand.ProcessLiveAsync();
        var right = await _stand.SnapshotAsync();
        await _stand.Database.ExecuteAsync("update activity_contacts set matched_by = null where role = 'from'", Cancel);

        var dry = await _stand.RunAsync(mode, execute: false);
        var real = await _stand.RunAsync(mode);

        Assert.Equal("completed, 8 changed, 3 skipped", ReplayStand.Describe(real));
        Assert.Equal(ReplayStand.Describe(real), ReplayStand.Describe(dry));
        Assert.Equal(await _stand.ChangesAsync(real), await _stand.ChangesAsync(dry));
        Assert.Equal(right, await _stand.SnapshotAsync());
        Assert.Equal("completed, 8 unchanged, 3 skipped", ReplayStand.Describe(await _stand.RunAsync("verify")));
    }

    [Fact]
    public async Task A_rule_that_was_too_close_is_put_right_by_a_rebuild_alone()
    {
        await ProduceTableAsync();
        await _stand.ProcessLiveAsync();
        var right = await _stand.SnapshotAsync();
        await _stand.Database.ExecuteAsync("update activity_contacts set matched_by = 'exact' where matched_by = 'same-gmail'", Cancel);

        Assert.Equal("completed, 8 unchanged, 3 skipped", ReplayStand.Describe(await _stand.RunAsync("fill", execute: false)));
        Assert.Equal("completed, 8 unchanged, 3 skipped", ReplayStand.Describe(await _stand.RunAsync("fill")));
        var real = await _stand.RunAsync("rebuild");

        Assert.Equal("completed, 2 changed, 6 unchanged, 3 skipped", ReplayStand.Describe(real));
        Assert.Equal("changed a A.N.N.S.M.I.T.H+x@googlemail.com: links\nchanged a annsmith@gmail.com: links", await _stand.ChangesAsync(real));
        Assert.Equal(right, await _stand.SnapshotAsync());
    }

    private async Task ProduceTableAsync()
    {
        for (var n = 0; n < Table.Length; n++)
        {
            await _stand.ProduceMailAsync("a", $"m{n}", Table[n].Address, subject: Table[n].Address);
        }
    }

    private Task<string> LinksAsync() => _stand.Database.QueryAsync<string>(
        """
        select string_agg(subject || ': ' || name || ' ' || matched_by, chr(10) order by subject collate "C")
        from activities
        join activity_contacts on activity_id = activities.id
        join contacts on contacts.id = contact_id
        """, Cancel);

    private async Task<JsonElement> ExplainAsync(string subject)
    {
        var id = await _stand.Database.QueryAsync<long>($"select id from activities where subject = '{subject}'", Cancel);
        var answer = await _stand.Client.GetAsync($"/api/activities/{id}/explain");
        answer.AssertStatus(200);
        return answer.Json;
    }

    private static string? Name(JsonElement explained) => Text(explained.GetProperty("contacts")[0], "name");

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
