using System.Text.Json;
using CrmMail.SystemTests.Replay;

namespace CrmMail.SystemTests.Privacy;

/// <summary>Everything about a person, and nothing about anybody else.</summary>
public sealed class ContactExportTests(RunningApplication system)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_is_stored_about_a_person_is_in_the_export()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        var ann = await stand.AddContactAsync("Ann", "ann@customer.example");
        var ben = await stand.AddContactAsync("Ben", "ben@customer.example");
        await stand.ProduceMailAsync("amy", "alone", "ann@customer.example", subject: "alone");
        await stand.ProduceMailAsync("amy", "alone", "ann@customer.example", folder: "Archive", subject: "alone");
        await stand.ProduceMailAsync("amy", "copied", "ben@customer.example", subject: "copied", extra: ",\"cc\":[{\"name\":\"Ann\",\"address\":\"Ann@Customer.example\"}]");
        await stand.ProduceMailAsync("amy", "sent", "amy@corp.example", "ann@customer.example", "Sent", "sent");
        await stand.ProduceAsync("amy", "messageBounce", $"\"messageId\":\"<sent@{stand.Name}>\",\"recipient\":\"ann@customer.example\",\"response\":\"550\"");
        await stand.ProduceMailAsync("amy", "other", "ben@customer.example", subject: "other");
        await stand.ProcessLiveAsync();
        await stand.Database.ExecuteAsync(
            $$"""
            insert into deals (id, name) values ('00000000-0000-7000-8000-000000000001', 'Licences'), ('00000000-0000-7000-8000-000000000002', 'Others');
            insert into deal_contacts (deal_id, contact_id) values ('00000000-0000-7000-8000-000000000001', '{{ann}}'), ('00000000-0000-7000-8000-000000000002', '{{ben}}');
            insert into outbound_messages (account_id, idempotency_key, request_sha256, subject, participants)
            values ('{{stand.Account("amy")}}', '1', sha256(''), 'to her', '{"bcc": [{"name": "", "address": "ann@customer.example"}]}'),
                   ('{{stand.Account("amy")}}', '2', sha256(''), 'to him', '{"to": [{"name": "", "address": "ben@customer.example"}]}')
            """, Cancel);

        var answer = await stand.Client.GetAsync($"/api/contacts/{ann}/export");

        answer.AssertStatus(200);
        Assert.Equal("Ann", answer.Json.GetProperty("contact").GetProperty("name").GetString());
        Assert.Equal("Licences", Texts(answer.Json, "deals", "name"));
        Assert.Equal("alone,copied,sent", string.Join(',', Texts(answer.Json, "activities", "subject").Split(',').Order(StringComparer.Ordinal)));
        Assert.Equal("bounced", Texts(answer.Json, "deliveryReports", "status"));
        Assert.Equal("delivery-report,known-mail", string.Join(',', Texts(answer.Json, "skippedEvents", "reason").Split(',').Order(StringComparer.Ordinal)));
        Assert.Equal("to her", Texts(answer.Json, "outboundMessages", "subject"));
        Assert.DoesNotContain("Others", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("to him", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"other\"", answer.Text, StringComparison.Ordinal);
        (await stand.Client.GetAsync($"/api/contacts/{Guid.NewGuid()}/export")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_long_history_is_one_well_formed_document()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        var ann = await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.Database.ExecuteAsync(
            """
            insert into accounts (id) values ('amy');
            insert into activities (id, account_id, mail_key, direction, subject, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            select n, 'amy', sha256(n::text::bytea), 'sent', repeat('"', 100), '{"to": [{"name": "Änn", "address": "ann@customer.example"}]}', now(), now(), 'emailengine', 'e-' || n, 'mail.events', 0, n, md5(n::text)
            from generate_series(1, 3000) as n
            """, Cancel);

        var activities = (await stand.Client.GetAsync($"/api/contacts/{ann}/export")).Json.GetProperty("activities").EnumerateArray().ToList();

        Assert.Equal(Enumerable.Range(1, 3000), activities.Select(activity => activity.GetProperty("id").GetInt32()));
        Assert.Equal(new string('"', 100), activities[^1].GetProperty("subject").GetString());
    }

    private static string Texts(JsonElement export, string section, string field) =>
        string.Join(',', export.GetProperty(section).EnumerateArray().Select(row => row.GetProperty(field).GetString()));
}
