using System.Diagnostics.Metrics;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

/// <summary>Where mails go: docs/deals.md, row by row, in a world of a company, three contacts and five deals.</summary>
public sealed class RoutingTests(RunningApplication system) : IAsyncLifetime
{
    private const string Domain = "inbound.example";
    private const string OldSecret = "an-old-secret-of-the-routing-tests";
    private const string NewSecret = "a-new-secret-of-the-routing-tests";

    private static readonly Dictionary<string, Guid> Deals = new()
    {
        ["older"] = Guid.CreateVersion7(),
        ["newer"] = Guid.CreateVersion7(),
        ["closed"] = Guid.CreateVersion7(),
        ["corporate"] = Guid.CreateVersion7(),
        ["late"] = Guid.CreateVersion7(),
    };

    private PipelineHost _pipeline = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _pipeline = await StartAsync();

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    // From, to, written at, and where that goes and why.
    [Theory]
    [InlineData("ann@customer.example", "amy@corp.example", "2026-05-01", "newer contact")]
    [InlineData("ann@customer.example", "amy@corp.example", "2026-01-20", "older contact")]
    [InlineData("ann@customer.example", "amy@corp.example", "2026-03-15", "closed contact")] // it was the newest, and open then
    [InlineData("ann@customer.example", "amy@corp.example", "2025-12-31", "")]
    [InlineData("ben@customer.example", "amy@corp.example", "2026-05-01", "corporate company")]
    [InlineData("BEN@Customer.Example", "amy@corp.example", "2026-05-01", "corporate company")]
    [InlineData("ben@customer.example", "amy@corp.example", "2026-01-01", "")]
    [InlineData("carol@other.example", "amy@corp.example", "2026-05-01", "")]
    [InlineData("carol@other.example", "{older}", "2026-05-01", "older routing-address")]
    [InlineData("ann@customer.example", "{closed}", "2026-05-01", "closed routing-address")] // closed, and still said so
    [InlineData("ann@customer.example", "{older old}", "2026-05-01", "older routing-address")] // the former secret is active
    [InlineData("ann@customer.example", "{older forged}", "2026-05-01", "newer contact")]
    [InlineData("carol@other.example", "{older forged}", "2026-05-01", "")]
    [InlineData("carol@other.example", "{older untagged}", "2026-05-01", "")]
    [InlineData("carol@other.example", "{nobody}", "2026-05-01", "")] // well signed, but no deal
    [InlineData("carol@other.example", "customer@inbound.example", "2026-05-01", " Customer")]
    [InlineData("ann@customer.example", "Customer@Inbound.Example", "2026-05-01", "newer contact Customer")]
    [InlineData("carol@other.example", "nobody@inbound.example", "2026-05-01", "")]
    public async Task The_first_rule_that_finds_a_deal_wins(string from, string to, string writtenAt, string expected)
    {
        await _pipeline.ProcessAsync(_pipeline.Record(Incoming("mail", from, to, writtenAt)));

        Assert.Equal($"amy mail: {expected}".Trim(), await RoutesAsync());
    }

    [Theory]
    [InlineData("ann@customer.example", "newer contact")]
    [InlineData("ben@customer.example", "")] // the sender is one of us
    [InlineData("ben@customer.example {older}", "older routing-address")]
    public async Task What_we_send_goes_to_the_deals_of_whom_we_write_to(string to, string expected)
    {
        await _pipeline.ProcessAsync(_pipeline.Record(Copy("mail", to.Split(' '), "2026-05-01")));

        Assert.Equal($"amy mail: {expected}".Trim(), await RoutesAsync());
    }

    [Theory]
    [InlineData("carol@other.example", "{older}", "")]
    [InlineData("ann@customer.example", "{older}", "newer contact")]
    [InlineData("ann@customer.example", "customer@inbound.example", "newer contact")]
    public async Task No_address_in_a_mail_that_was_not_verified_is_followed(string from, string to, string expected)
    {
        await _pipeline.ProcessAsync(_pipeline.Record(Unverified(Incoming("mail", from, to, "2026-05-01"))));

        Assert.Equal($"amy mail: {expected}".Trim(), await RoutesAsync());
    }

    [Fact]
    public async Task Without_a_tag_is_good_where_the_setting_says_so()
    {
        await using var pipeline = await StartAsync(("Routing:AllowUnsigned", "true"));

        await pipeline.ProcessAsync(pipeline.Record(Incoming("mail", "carol@other.example", "{older untagged}", "2026-05-01")));

        Assert.Equal("amy mail: older routing-address", await RoutesAsync(pipeline));
    }

    [Fact]
    public async Task Addresses_that_are_not_believed_are_counted_once()
    {
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == MailTelemetry.ProcessorRefusedAddresses && instrument.Meter.Scope == _pipeline.Services.GetService(typeof(IMeterFactory)))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add($"{value} {tags[0].Value}"));
        listener.Start();
        var forged = Incoming("forged", "ann@customer.example", "{older forged}", "2026-05-01");

        await _pipeline.ProcessAsync(_pipeline.Record(forged, "a"), _pipeline.Record(Incoming("untagged", "ann@customer.example", "{older untagged}", "2026-05-01")));
        await _pipeline.ProcessAsync(_pipeline.Record(forged, "a"), _pipeline.Record(forged, "b"));
        await _pipeline.ProcessAsync(_pipeline.Record(Incoming("good", "ann@customer.example", "{older}", "2026-05-01")), _pipeline.Record(Unverified(Incoming("spoofed", "ann@customer.example", "{older}", "2026-05-01"))));

        Assert.Equal(["1 forged", "1 untagged", "1 unverified"], counted);
    }

    /// <summary>A blind copy that only messageSent tells, a mail in two accounts and folders, a move: in any order and any batches.</summary>
    [Fact]
    public async Task The_same_events_in_a_hundred_orders_make_the_same_routes()
    {
        string[] told =
        [
            Sent("blind", ["ben@customer.example", "{older}"], "2026-05-01"),
            Copy("blind", ["ben@customer.example"], "2026-05-01"),
            Incoming("shared", "ann@customer.example", "ben@corp.example", "2026-05-02"),
            Incoming("shared", "ann@customer.example", "ben@corp.example", "2026-05-02").Replace("\"amy\"", "\"ben\"", StringComparison.Ordinal),
            Incoming("shared", "ann@customer.example", "ben@corp.example", "2026-05-02").Replace("Inbox", "Archive", StringComparison.Ordinal),
            Incoming("border", "ann@customer.example", "amy@corp.example", "2026-04-01"),
            Incoming("border", "ann@customer.example", "amy@corp.example", "2026-03-31").Replace("\"amy\"", "\"ben\"", StringComparison.Ordinal),
            Incoming("company", "ben@customer.example", "customer@inbound.example", "2026-05-03"),
            Incoming("spam", "ann@customer.example", "{older}", "2026-05-03"),
            Unverified(Incoming("spam", "ann@customer.example", "{older}", "2026-05-03")),
        ];
        var random = new Random(1);
        string? first = null;
        for (var n = 0; n < 100; n++)
        {
            await _pipeline.Database.ExecuteAsync("truncate accounts, activities, message_keys, timeline_entries, activity_contacts, skipped_events, delivery_reports cascade; insert into accounts (id) values ('amy'), ('ben')", Cancel);
            random.Shuffle(told);
            foreach (var batch in told.Chunk(random.Next(1, told.Length + 1)))
            {
                await _pipeline.ProcessAsync([.. batch.Select(body => _pipeline.Record(body, account: body.Contains("\"account\":\"ben\"", StringComparison.Ordinal) ? "ben" : "amy"))]);
            }

            var routes = await RoutesAsync();
            first ??= routes;
            Assert.Equal(first, routes);
        }

        Assert.Equal(
            """
            amy blind: older routing-address
            amy border: newer contact
            amy company: corporate company Customer
            amy shared: newer contact
            amy spam: newer contact
            ben border: closed contact
            ben shared: newer contact
            """.ReplaceLineEndings("\n"),
            first);
    }

    private static string AddressOf(string text)
    {
        if (text[0] != '{')
        {
            return text;
        }

        var words = text.Trim('{', '}').Split(' ');
        var id = Deals.GetValueOrDefault(words[0], Guid.CreateVersion7());
        var options = new RoutingOptions { Domain = Domain, Secrets = { words[^1] == "old" ? OldSecret : NewSecret } };
        Assert.True(new RoutingAddresses(options).TryGetAddress(id, out var address));
        return words[^1] switch
        {
            "forged" => $"deal-{id:n}.0123456789abcdef01234567@{Domain}",
            "untagged" => $"deal-{id:n}@{Domain}",
            _ => address,
        };
    }

    private static string Incoming(string id, string from, string to, string writtenAt) => Events.New(
        "Inbox", $$"""  "messageId":"<{{id}}@x.example>","subject":"{{id}}","date":"{{writtenAt}}T00:00:00.000Z","from":{"name":"","address":"{{from}}"},"to":[{"name":"","address":"{{AddressOf(to)}}"}]  """);

    private static string Unverified(string body) => body.Replace("\"from\":", "\"headers\":{\"x-spam-flag\":[\"YES\"]},\"from\":", StringComparison.Ordinal);

    private static string Copy(string id, IEnumerable<string> to, string writtenAt) => Events.New(
        "Sent",
        $$"""
        "messageId":"<{{id}}@x.example>","subject":"{{id}}","date":"{{writtenAt}}T00:00:00.000Z","from":{"name":"","address":"amy@corp.example"},"to":[{{string.Join(',', to.Select(address => $$"""{"name":"","address":"{{AddressOf(address)}}"}"""))}}]
        """);

    private static string Sent(string id, IEnumerable<string> to, string writtenAt) => Events
        .Of("messageSent", $$""" "messageId":"<{{id}}@x.example>","queueId":"{{id}}","envelope":{"from":"amy@corp.example","to":[{{string.Join(',', to.Select(address => $"\"{AddressOf(address)}\""))}}]} """)
        .Replace("2026-06-01T12", $"{writtenAt}T00", StringComparison.Ordinal);

    private async Task<PipelineHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var pipeline = await PipelineHost.StartAsync(system, [("Routing:Domain", Domain), ("Routing:Secrets:0", NewSecret), ("Routing:Secrets:1", OldSecret), .. settings]);
        await pipeline.AddContactAsync("Ann", "ann@customer.example");
        await pipeline.AddContactAsync("Ben", "ben@customer.example");
        await pipeline.AddContactAsync("Carol", "carol@other.example");
        await pipeline.Database.ExecuteAsync(
            $"""
            insert into companies (id, name, slug) values ('00000000-0000-7000-8000-000000000001', 'Customer', 'customer');
            insert into company_domains (domain, company_id) select 'customer.example', id from companies;
            insert into deals (id, name) values {string.Join(", ", Deals.Select(deal => $"('{deal.Value}', '{deal.Key}')"))};
            update deals set company_id = '00000000-0000-7000-8000-000000000001' where name = 'corporate';
            insert into deal_contacts (deal_id, contact_id) select deals.id, contacts.id from deals, contacts where deals.name in ('older', 'newer', 'closed', 'late') and contacts.name = 'Ann';
            insert into deal_periods (deal_id, opened_at, closed_at)
            select id, opened_at, closed_at
            from (values
                ('older', timestamptz '2026-01-10Z', null::timestamptz),
                ('corporate', '2026-01-15Z', null),
                ('newer', '2026-02-01Z', null),
                ('closed', '2026-03-01Z', '2026-04-01Z'),
                ('late', '2026-06-01Z', null)) as period (name, opened_at, closed_at)
            join deals using (name);
            """, Cancel);
        return pipeline;
    }

    private Task<string> RoutesAsync() => RoutesAsync(_pipeline);

    private static Task<string> RoutesAsync(PipelineHost pipeline) => pipeline.Database.QueryAsync<string>(
        """
        select string_agg(rtrim(account_id || ' ' || subject || ': ' || coalesce(deals.name || ' ' || deal_reason, '') || coalesce(' ' || companies.name, '')), chr(10) order by account_id, subject)
        from activities
        left join activity_routes on activity_id = activities.id
        left join deals on deals.id = deal_id
        left join companies on companies.id = activity_routes.company_id
        """, Cancel);
}
