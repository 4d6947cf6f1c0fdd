using System.Diagnostics;
using System.Globalization;
using CrmMail.Processor.Batches;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmMail.SystemTests.Replay;

/// <summary>Contacts of people whom nobody has entered: the same whoever makes them, in whatever order, live and in a replay.</summary>
public sealed class ContactPolicyTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system);
        foreach (var account in new[] { "a", "b" })
        {
            await _stand.ProduceAsync(account, "authenticationSuccess", $"\"user\":\"{account}@corp.example\"", "2026-06-01T08:00:00.000Z");
        }
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task Somebody_we_wrote_to_becomes_a_contact_with_all_mail_from_before()
    {
        var company = (await _stand.Client.PostAsync("/api/companies", """{"name": "Prospect", "domains": ["prospect.example"]}""")).Json.GetProperty("id").GetString();
        await SetPolicyAsync("sent");
        await ComeAsync("a", "question", "Zoe D.", "Zoe+Web@prospect.example", "09:00");
        await _stand.ProcessLiveAsync();
        Assert.Equal("", await ContactsAsync());

        await GoAsync("a", "answer", "Zoe Doe", "zoe@prospect.example", "10:00");
        await ComeAsync("b", "other", "Somebody", "somebody@prospect.example", "11:00");
        await _stand.ProcessLiveAsync();

        Assert.Equal("Zoe Doe zoe@prospect.example policy-sent answer", await ContactsAsync());
        Assert.Equal("answer", await TimelineAsync("zoe@prospect.example"));
        await _stand.LinkPastMailAsync();
        Assert.Equal("answer question", await TimelineAsync("zoe@prospect.example"));
        await AssertIsWhatAReplayMakesAsync();

        var contact = (await _stand.Client.GetAsync("/api/contacts?q=zoe@")).Json.GetProperty("items")[0];
        Assert.Equal(company, contact.GetProperty("companyId").GetString());
        Assert.Equal("policy-sent", contact.GetProperty("origin").GetString());
        Assert.Equal($"answer {_stand.Account("a")} emailengine", Text(contact.GetProperty("originEvent"), "eventId", "accountId", "source"));
        var activity = await _stand.Database.QueryAsync<long>("select id from activities where subject = 'answer'", Cancel);
        var explained = (await _stand.Client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/activities/{activity}/explain"))).Json.GetProperty("addresses");
        var candidate = explained.EnumerateArray().Single(address => address.GetProperty("role").GetString() == "to").GetProperty("rules")[0].GetProperty("candidates")[0];
        Assert.Equal("Zoe Doe policy-sent answer", Text(candidate, "contactName", "contactOrigin", "contactOriginEventId"));
    }

    [Fact]
    public async Task Whatever_the_order_and_the_batches_the_contacts_and_their_mails_are_the_same()
    {
        await SetPolicyAsync("sent-and-received");
        await ProduceConversationAsync();
        var expected = "";
        foreach (var seed in Enumerable.Range(0, 6))
        {
            await ForgetContactsAsync();
            new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_stand.Events)[2..]);
            await _stand.ProcessLiveAsync(batchSize: 1 + (seed % 4));
            await _stand.LinkPastMailAsync();

            var made = $"{await ContactsAsync()}\n{await LinksAsync()}";
            expected = seed == 0 ? made : expected;
            Assert.Equal(expected, made);
        }

        // What was told once tells nothing the second time.
        await _stand.RunAsync("fill");
        await _stand.LinkPastMailAsync();
        Assert.Equal(expected, $"{await ContactsAsync()}\n{await LinksAsync()}");

        Assert.StartsWith("Zed z@mail.example policy-sent z1, Zoe Doe zoe@prospect.example policy-received 2\n", expected, StringComparison.Ordinal);
        await AssertIsWhatAReplayMakesAsync(butFor: ": origin");
    }

    [Fact]
    public async Task Processors_that_make_the_same_contacts_at_once_make_each_once()
    {
        await SetPolicyAsync("sent-and-received");
        var accounts = Enumerable.Range(0, 8).Select(number => $"c{number}").ToList();
        foreach (var account in accounts)
        {
            foreach (var person in Enumerable.Range(0, 20).OrderBy(person => (person * 7 + account[1]) % 20))
            {
                await ComeAsync(account, $"{account}-{person}", $"Person {person}", $"person{person}@prospect.example", "10:00");
            }
        }

        await _stand.StartProcessorAsync();
        var pipelines = accounts.ConvertAll(_ => _stand.Services.GetRequiredService<Func<IBatchPipeline>>()());
        await Task.WhenAll(accounts.Select((account, at) => Task.Run(() => pipelines[at].ProcessAsync(
            _stand.Events.FindAll(record => System.Text.Encoding.UTF8.GetString(record.Message.Key) == _stand.Account(account)), Cancel, Cancel), Cancel)));
        await _stand.LinkPastMailAsync();

        Assert.Equal(20, await CountAsync("contacts"));
        Assert.Equal(20, await CountAsync("contact_addresses"));
        Assert.Equal(160, await CountAsync("activity_contacts"));
        Assert.Equal(0, await CountAsync("dead_letters"));
        Assert.Equal("c0", await _stand.Database.QueryAsync<string>("select string_agg(distinct split_part(origin_event_id, '-', 1), ',') from contacts", Cancel));
    }

    [Fact]
    public async Task Somebody_who_is_entered_at_the_same_moment_is_the_contact()
    {
        await SetPolicyAsync("sent");
        await _stand.ProcessLiveAsync();
        await GoAsync("a", "answer", "Zoe Doe", "zoe@prospect.example", "10:00");
        var entered = Guid.CreateVersion7();
        await using var connection = await _stand.Database.DataSource.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await using (var insert = new NpgsqlCommand($"insert into contacts (id, name) values ('{entered}', 'Entered'); insert into contact_addresses (address, contact_id) values ('zoe@prospect.example', '{entered}')", connection))
        {
            await insert.ExecuteNonQueryAsync(Cancel);
        }

        var processing = _stand.ProcessLiveAsync();
        await WaitForAsync("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
        await transaction.CommitAsync(Cancel);
        await processing;

        Assert.Equal("Entered zoe@prospect.example entered ", await ContactsAsync());
        Assert.Equal("answer", await TimelineAsync("zoe@prospect.example"));
    }

    [Fact]
    public async Task A_replay_applies_the_policy_to_history_and_a_dry_run_makes_nobody()
    {
        // The invitation comes before the mail that makes the contact, and the newsletter makes none: both are its mail then.
        await ComeAsync("a", "newsletter", "Zoe", "zoe@prospect.example", "08:00", ""","headers":{"list-unsubscribe":["<x>"]} """);
        await ComeAsync("b", "question", "Zoe D.", "zoe+x@prospect.example", "09:00");
        await GoAsync("a", "answer", "Zoe Doe", "zoe@prospect.example", "10:00");
        await ComeAsync("a", "stranger", "Eve", "eve@other.example", "11:00");
        await _stand.ProcessLiveAsync();
        Assert.Equal(0, await CountAsync("activities"));
        await SetPolicyAsync("sent");

        const string Added = "added a answer: missing\nadded a newsletter: missing\nadded b question: missing";
        foreach (var mode in new[] { "fill", "rebuild" })
        {
            var verified = await _stand.RunAsync(mode, execute: false);
            Assert.Equal(Added, await _stand.ChangesAsync(verified));
            Assert.Equal("completed, 3 added, 3 skipped", ReplayStand.Describe(verified));
            Assert.Equal(0, await CountAsync("contacts"));
            Assert.Equal(0, await CountAsync("contact_addresses"));
            Assert.Equal(0, await CountAsync("address_changes"));
        }

        await _stand.RunAsync("fill");
        await _stand.LinkPastMailAsync();
        Assert.Equal("Zoe Doe zoe@prospect.example policy-sent answer", await ContactsAsync());
        Assert.Equal("answer newsletter question", await TimelineAsync("zoe@prospect.example"));
        await AssertIsWhatAReplayMakesAsync();

        await ForgetContactsAsync();
        await _stand.RunAsync("rebuild");
        await _stand.LinkPastMailAsync();
        Assert.Equal("Zoe Doe zoe@prospect.example policy-sent answer", await ContactsAsync());
        Assert.Equal("answer newsletter question", await TimelineAsync("zoe@prospect.example"));
        await AssertIsWhatAReplayMakesAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task A_person_who_was_erased_stays_gone(int batchSize)
    {
        await SetPolicyAsync("sent-and-received");
        await ComeAsync("a", "question", "Zoe Doe", "zoe+x@prospect.example", "09:00");
        await GoAsync("a", "answer", "Zoe Doe", "zoe@prospect.example", "10:00");
        await _stand.ProcessLiveAsync();
        var zoe = await _stand.Database.QueryAsync<Guid>("select id from contacts", Cancel);
        (await _stand.Client.DeleteAsync($"/api/contacts/{zoe}")).AssertStatus(200);

        await GoAsync("a", "again", "Zoe Doe", "zoe@prospect.example", "11:00", """,{"name":"Zed","address":"zed@prospect.example"}""");
        await ComeAsync("b", "tagged", "Zoe Doe", "zoe+y@prospect.example", "12:00");
        await _stand.ProcessLiveAsync(batchSize);
        await AssertZoeIsGoneAsync();
        await _stand.RunAsync("fill");
        await AssertZoeIsGoneAsync();
        await AssertIsWhatAReplayMakesAsync();
        await _stand.RunAsync("rebuild");
        await _stand.LinkPastMailAsync();
        await AssertZoeIsGoneAsync();

        // Until somebody enters her on purpose.
        await _stand.AddContactAsync("Zoe", "zoe@prospect.example");
        await GoAsync("a", "new", "Zoe Doe", "zoe@prospect.example", "13:00");
        await _stand.ProcessLiveAsync(batchSize);
        Assert.Equal("Zed zed@prospect.example policy-sent again, Zoe zoe@prospect.example entered ", await ContactsAsync());
    }

    [Fact]
    public async Task What_a_person_makes_of_the_contact_stays()
    {
        await SetPolicyAsync("sent");
        await GoAsync("a", "late", "Zoe D.", "zoe@prospect.example", "12:00");
        await _stand.ProcessLiveAsync();
        var zoe = await _stand.Database.QueryAsync<Guid>("select id from contacts", Cancel);
        (await _stand.Client.PutAsync($"/api/contacts/{zoe}", """{"name": "Zoe of Prospect", "addresses": ["zoe@prospect.example"]}""")).AssertStatus(200);
        await GoAsync("a", "early", "Zoe Doe", "zoe@prospect.example", "09:00");
        await _stand.ProcessLiveAsync();
        Assert.Equal("Zoe of Prospect zoe@prospect.example policy-sent early", await ContactsAsync());

        // An address that a person takes from it makes nobody again.
        (await _stand.Client.PutAsync($"/api/contacts/{zoe}", """{"name": "Zoe of Prospect"}""")).AssertStatus(200);
        await GoAsync("a", "later", "Zoe Doe", "zoe@prospect.example", "13:00");
        await _stand.ProcessLiveAsync();
        await _stand.LinkPastMailAsync();
        await _stand.RunAsync("fill");
        Assert.Equal("Zoe of Prospect  policy-sent early", await ContactsAsync());
        Assert.Equal(0, await CountAsync("activities"));
        await AssertIsWhatAReplayMakesAsync();
    }

    /// <summary>Of Zoe, the earliest mail that tells a name came to us; of Zed, one of us wrote first.</summary>
    private async Task ProduceConversationAsync()
    {
        await ComeAsync("a", "1", "", "zoe@prospect.example", "08:00");
        await ComeAsync("b", "2", "Zoe Doe", "zoe+b@prospect.example", "09:00");
        await GoAsync("a", "3", "Zoe D.", "Zoe@Prospect.example", "10:00");
        await ComeAsync("a", "4", "Zoe News", "zoe@prospect.example", "07:00", ""","headers":{"list-unsubscribe":["<x>"]} """);
        await GoAsync("b", "z1", "Zed", "z@mail.example", "08:00", """,{"name":"Amy","address":"a@corp.example"}""");
        await _stand.ProduceAsync("b", "messageSent", $$""" "messageId":"<z1@{{_stand.Name}}>","queueId":"1","response":"250 ok","envelope":{"from":"b@corp.example","to":["z@mail.example"]} """, "2026-06-01T08:00:01.000Z", "z2");
        await ComeAsync("b", "junk", "Eve", "eve@prospect.example", "08:00", folder: "Junk");
    }

    private Task ComeAsync(string account, string id, string name, string from, string time, string extra = "", string folder = "Inbox") =>
        ProduceAsync(account, id, folder, time, $$""" "from":{"name":"{{name}}","address":"{{from}}"},"to":[{"address":"{{account}}@corp.example"}]{{extra}} """);

    private Task GoAsync(string account, string id, string name, string to, string time, string more = "") =>
        ProduceAsync(account, id, "Sent", time, $$""" "from":{"address":"{{account}}@corp.example"},"to":[{"name":"{{name}}","address":"{{to}}"}{{more}}] """);

    private Task ProduceAsync(string account, string id, string folder, string time, string people) => _stand.ProduceAsync(
        account,
        "messageNew",
        $$"""
        "id":"{{folder}}-{{id}}","path":"{{folder}}","messageSpecialUse":"\\{{folder}}","messageId":"<{{id}}@{{_stand.Name}}>","subject":"{{id}}","date":"2026-06-01T{{time}}:00.000Z",{{people}}
        """,
        $"2026-06-01T{time}:01.000Z",
        id);

    private async Task SetPolicyAsync(string policy) =>
        (await _stand.Client.PutAsync("/api/settings/contacts", $$"""{"policy": "{{policy}}"}""")).AssertStatus(200);

    private async Task ForgetContactsAsync()
    {
        await _stand.ForgetEverythingAsync();
        await _stand.Database.ExecuteAsync("delete from contacts; delete from address_changes", Cancel);
    }

    /// <summary>What is there now is right: neither mode of a replay would change it.</summary>
    /// <param name="butFor">The end of lines that may be there: the event that made an activity is the first one, and in Kafka that is another.</param>
    private async Task AssertIsWhatAReplayMakesAsync(string? butFor = null)
    {
        foreach (var mode in new[] { "fill", "rebuild" })
        {
            var changes = (await _stand.ChangesAsync(await _stand.RunAsync(mode, execute: false))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var unexpected = changes.Where(change => butFor is null || !change.EndsWith(butFor, StringComparison.Ordinal));
            Assert.True(!unexpected.Any(), $"{mode} would change:\n{string.Join('\n', unexpected)}");
        }
    }

    private async Task AssertZoeIsGoneAsync()
    {
        Assert.Equal("Zed zed@prospect.example policy-sent again", await ContactsAsync());
        Assert.Equal("again", await _stand.Database.QueryAsync<string>("select string_agg(subject, ' ') from activities", Cancel));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>(
            "select (select count(*) from address_ledger where address like 'zoe%') + (select count(*) from activities where participants::text ~* 'zoe')", Cancel));
    }

    private Task<string> ContactsAsync() => _stand.Database.QueryAsync<string>(
        """
        select coalesce(string_agg(concat_ws(' ', name, coalesce(address, ''), origin, coalesce(origin_event_id, '')), ', ' order by name), '')
        from contacts
        left join contact_addresses on contact_id = id
        """, Cancel);

    private Task<string> LinksAsync() => _stand.Database.QueryAsync<string>(
        """
        select coalesce(string_agg(concat_ws(' ', subject, name, role, matched_by), ', ' order by subject, name, role), '')
        from activity_contacts
        join contacts on contacts.id = contact_id
        join activities on activities.id = activity_id
        """, Cancel);

    private Task<string> TimelineAsync(string address) => _stand.Database.QueryAsync<string>(
        $"""
        select coalesce(string_agg(distinct subject, ' ' order by subject), '')
        from contact_addresses
        join activity_contacts using (contact_id)
        join activities on activities.id = activity_id
        where address = '{address}'
        """, Cancel);

    private Task<long> CountAsync(string table) => _stand.Database.QueryAsync<long>($"select count(*) from {table}", Cancel);

    private async Task WaitForAsync(string condition)
    {
        var started = Stopwatch.GetTimestamp();
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await _stand.Database.QueryAsync<bool>(condition, Cancel))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Never true: {condition}");
            await often.WaitForNextTickAsync(Cancel);
        }
    }

    private static string Text(System.Text.Json.JsonElement item, params string[] members) => string.Join(' ', members.Select(member => item.GetProperty(member).GetString()));
}
