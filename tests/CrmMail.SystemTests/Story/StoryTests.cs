using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Cli;
using CrmMail.SystemTests.MailParse;
using CrmMail.SystemTests.Privacy;
using Npgsql;

namespace CrmMail.SystemTests.Story;

/// <summary>
/// A deal is talked over in three mailboxes and at a team address, as users, customers and an operator see it: over HTTP and by the command
/// line. The system is one of its own, so that all that Kafka has, and all that is in the database, is the story.
/// </summary>
public sealed class StoryTests : IAsyncLifetime
{
    private const string Inbox = "team";

    private readonly Dictionary<string, EngineMailbox> _mailboxes = [];
    private MetricCollector _metrics = null!;
    private RunningApplication _system = null!;
    private ApiClient _api = null!;
    private MailParseClient _mailParse = null!;
    private StoryBook _book = null!;
    private Mails _mails = null!;
    private Guid _ann, _bob, _eve, _zoe;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _metrics = await MetricCollector.StartAsync();
        _system = new RunningApplication { Arrange = SendMetrics };
        await _system.InitializeAsync();
        _api = ApiClient.Of(_system);
        _mailParse = new MailParseClient(_system);
        _book = new StoryBook(_api);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var mailbox in _mailboxes.Values)
        {
            mailbox.Dispose();
        }

        _mailParse?.Dispose();
        _api?.Dispose();
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        await _metrics.DisposeAsync();
    }

    [Fact]
    public async Task Every_mail_finds_its_place_and_stays_there()
    {
        await BeginAsync();
        var early = await LetTheAnswersComeFirstAsync();
        await LetTheRestComeAsync();
        await SeeOneConversationAsync(early);
        await SeeWhatIsNoConversationAsync();
        await LetAStrangerBecomeAContactAsync();
        await EraseAsync();
        await ReplayEverythingAsync();
        await SeeThatNothingElseWasWrittenAsync();
    }

    /// <summary>Three users connect their mailboxes; two customers of one company, a deal of it, and one that would get all mail of Ann.</summary>
    private async Task BeginAsync()
    {
        foreach (var account in new[] { "amy", "ben", "cleo" })
        {
            _mailboxes[account] = await EngineMailbox.ConnectAsync(_system, _api, account);
        }

        _ann = await _api.AddContactAsync("Ann", Mails.Ann);
        _bob = await _api.AddContactAsync("Bob", Mails.Bob);
        _eve = await _api.AddContactAsync("Eve", Mails.Eve);
        var company = await MakeAsync("/api/companies", """{"name": "Customer", "domains": ["customer.example"]}""");
        await MakeAsync("/api/deals", $$"""{"name": "Renewal", "contacts": ["{{_ann}}"], "openedAt": "2026-01-01T00:00:00Z"}""");
        var licences = await MakeAsync("/api/deals", $$"""{"name": "Licences", "companyId": "{{company}}", "openedAt": "2026-01-01T00:00:00Z"}""");
        var address = await _api.PostAsync($"/api/deals/{licences}/address", "");
        address.AssertStatus(200);
        _mails = new Mails(address.Json.GetProperty("address").GetString()!);
        Tell("The mailboxes are connected, contacts and deals are there");
    }

    /// <summary>By both sources at once; one mail is in the listing of MailParse alone.</summary>
    /// <returns>The thread that they are until the mails come that they answer.</returns>
    private async Task<string> LetTheAnswersComeFirstAsync()
    {
        await _mailParse.SwitchAsync(new { webhooks = false });
        await _mailParse.DeliverAsync(Inbox, Mails.Order.AtTeamAddress());
        await _mailParse.SwitchAsync(new { webhooks = true });
        await Task.WhenAll(ReceiveAsync("ben", Mails.Terms), ReceiveAsync("cleo", Mails.Terms), ReceiveAtTeamAsync(Mails.Terms), ReceiveAsync("amy", Mails.OutOfOffice));

        await SeeAsync("Bob", () => _book.TimelineAsync(_bob), "terms | ben cleo mailparse:team | Licences company");
        await SeeAsync("Ann", () => _book.TimelineAsync(_ann), """
            away | amy | Renewal contact | auto-reply
            order | mailparse:team | Renewal contact
            """);
        Assert.Equal(await _book.ThreadIdAsync(_bob, "terms"), await _book.ThreadIdAsync(_ann, "order"));
        Assert.NotEqual(await _book.ThreadIdAsync(_ann, "away"), await _book.ThreadIdAsync(_ann, "order"));
        return await _book.ThreadIdAsync(_ann, "order");
    }

    private async Task LetTheRestComeAsync()
    {
        await Task.WhenAll(
            ReceiveAsync("ben", Mails.Counter), ReceiveAtTeamAsync(Mails.Counter), ReceiveAsync("ben", Mails.Introduction), ReceiveAtTeamAsync(Mails.Introduction),
            ReceiveAsync("amy", Mails.Question), ReceiveAsync("amy", _mails.Offer, SentFolder), ReceiveAsync("amy", _mails.Forged), ReceiveAsync("cleo", Mails.Card),
            ReceiveAsync("amy", Mails.Private), ReceiveAsync("amy", Mails.ToBoth, SentFolder));

        await SeeAsync("Ann", () => _book.TimelineAsync(_ann), AnnsMails);
        await SeeAsync("Bob", () => _book.TimelineAsync(_bob), BobsMails);
        await SeeAsync("Eve", () => _book.TimelineAsync(_eve), """
            private | amy
            to-both | amy
            """);
    }

    private async Task SeeOneConversationAsync(string early)
    {
        var id = await _book.ThreadIdAsync(_ann, "question");
        await SeeAsync("the conversation", () => _book.ThreadAsync(id), """
            question, offer, counter, terms, order
            6 mails, 1 hidden
            Ann Bob | Customer | Licences routing-address thread
            """);

        // An id that was shown before the conversation was whole is good for ever.
        Assert.Equal(await _book.ThreadAsync(id), await _book.ThreadAsync(early));
    }

    private async Task SeeWhatIsNoConversationAsync()
    {
        var shown = await _book.TimelineAsync(_ann, "");
        Assert.Equal(AnnsMails.Replace("away | amy | Licences thread | auto-reply\n", "", StringComparison.Ordinal), shown);

        var card = await _book.FindAsync(_bob, "Card [redacted]");
        Assert.Equal("Please charge [redacted] for the order.", card.GetProperty("snippet").GetString());

        await SeeAsync("the forged address is counted", () => Task.FromResult(_metrics.HasSeen(MailTelemetry.ProcessorRefusedAddresses, "forged").ToString()), "True");
    }

    private async Task LetAStrangerBecomeAContactAsync()
    {
        await SeeAsync("an address of nobody", async () => string.Join(", ", (await _api.ReadAllAsync("/api/unmatched?q=zoe")).Select(item => $"{item.GetProperty("address")} {item.GetProperty("incomingCount")}")), $"{Mails.Zoe} 1");

        _zoe = await _api.AddContactAsync("Zoe", Mails.Zoe);

        await SeeAsync("Zoe", () => _book.TimelineAsync(_zoe), ZoesMails);
        Assert.Empty(await _api.ReadAllAsync("/api/unmatched?q=zoe"));
        var introduction = await _book.FindAsync(_zoe, "introduction");
        Assert.Equal(await _book.ThreadIdAsync(_ann, "question"), introduction.GetProperty("threadId").GetString());
    }

    /// <summary>Everything that EmailEngine has announced comes once more after it, and a mail that names the person.</summary>
    private async Task EraseAsync()
    {
        var erased = await _api.DeleteAsync($"/api/contacts/{_eve}");
        erased.AssertStatus(200);
        var certificate = await _api.GetAsync($"/api/erasures/{erased.Json.GetProperty("erasureId")}");
        certificate.AssertStatus(200);
        Assert.Contains(MailTopics.Events, certificate.Json.GetProperty("kept").EnumerateArray().Select(kept => kept.GetProperty("store").GetString()));

        var announced = await WebhooksAsync();
        foreach (var webhook in announced)
        {
            await _mailboxes["amy"].CallEngineAsync(HttpMethod.Post, $"/simulator/webhooks/{webhook.GetProperty("id")}/resend", new { });
        }

        // Each is behind the others of its mailbox.
        await Task.WhenAll(_mailboxes.Keys.Select(account => ReceiveAsync(account, Mails.Late)));
        foreach (var webhook in (await WebhooksAsync()).Skip(2 * announced.Count))
        {
            await EngineMailbox.WaitAsync(200, async () => (await _api.GetAsync($"/api/events/{webhook.GetProperty("eventId")}?account={webhook.GetProperty("account")}")).Status);
        }

        await SeeWhatIsLeftAsync();
    }

    private async Task ReplayEverythingAsync()
    {
        foreach (var (told, words) in new (string, string[])[]
        {
            ("It would change", ["--mode", "rebuild"]),
            ("It changed", ["--mode", "fill", "--execute"]),
            ("It changed", ["--mode", "rebuild", "--execute"]),
            ("It would change", []),
        })
        {
            var replay = await CommandLine.RunAsync(_system, ["replay", "start", "--all", .. words]);
            replay.AssertSuccess();
            Assert.StartsWith($"{told}: 0 added, 0 changed, 14 unchanged, ", replay.Out, StringComparison.Ordinal);
            Tell($"{string.Join(' ', words)} {replay.Out.Split('\n')[0]}");
            await SeeWhatIsLeftAsync();
        }
    }

    private async Task SeeThatNothingElseWasWrittenAsync()
    {
        Assert.Equal("question, offer, away, forged, to-both", await _book.AccountAsync("amy"));
        Assert.Equal("counter, terms, introduction", await _book.AccountAsync("ben"));
        Assert.Equal("terms, Card [redacted]", await _book.AccountAsync("cleo"));
        Assert.Equal("counter, terms, introduction, order", await _book.AccountAsync($"mailparse:{Inbox}"));
        Assert.Empty(await _api.ReadAllAsync("/api/dead-letters"));

        var now = DateTimeOffset.UtcNow;
        var metrics = await _api.GetAsync($"/api/metrics/pipeline?from={now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={now:yyyy-MM-ddTHH:mm:ssZ}");
        metrics.AssertStatus(200);
        Assert.Equal(1, metrics.Json.GetProperty("duplication").GetProperty("value").GetDouble());
    }

    private const string AnnsMails = """
        question | amy | Licences thread
        offer | amy | Licences routing-address
        away | amy | Licences thread | auto-reply
        counter | ben mailparse:team | Licences thread
        order | mailparse:team | Licences thread
        forged | amy | Renewal contact
        """;

    private const string BobsMails = """
        terms | ben cleo mailparse:team | Licences thread
        Card [redacted] | cleo | Licences company
        to-both | amy
        """;

    private const string ZoesMails = "introduction | ben mailparse:team | Licences thread";

    private const string SentFolder = "Sent";

    /// <summary>All of the others, and nothing of Eve.</summary>
    private async Task SeeWhatIsLeftAsync()
    {
        await SeeAsync("Ann", () => _book.TimelineAsync(_ann), AnnsMails);
        await SeeAsync("Bob", () => _book.TimelineAsync(_bob), BobsMails);
        await SeeAsync("Zoe", () => _book.TimelineAsync(_zoe), ZoesMails);
        (await _api.GetAsync($"/api/contacts/{_eve}")).AssertProblem(404, "not-found");
        Assert.Empty(await _api.ReadAllAsync("/api/contacts?q=eve"));
        Assert.Empty(await _api.ReadAllAsync("/api/unmatched?q=eve"));
        await using var database = NpgsqlDataSource.Create((await _system.Application.GetConnectionStringAsync("crm", Cancel))!);
        await WholeDatabase.AssertNobodyKnowsAsync(database, "eve@", "eve+");
    }

    private Task<JsonElement> ReceiveAsync(string account, StoryMail mail, string folder = "INBOX") => _mailboxes[account].ReceiveAsync(mail.InMailbox(folder));

    private Task ReceiveAtTeamAsync(StoryMail mail) => _mailParse.DeliverAsync(Inbox, mail.AtTeamAddress());

    /// <summary>What EmailEngine has told, oldest first.</summary>
    private async Task<List<JsonElement>> WebhooksAsync() =>
        [.. (await _mailboxes["amy"].CallEngineAsync(HttpMethod.Get, "/simulator/webhooks", new { })).EnumerateArray().OrderBy(webhook => webhook.GetProperty("id").GetInt64())];

    private async Task<Guid> MakeAsync(string path, string json)
    {
        var made = await _api.PostAsync(path, json);
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private static async Task SeeAsync(string what, Func<Task<string>> read, string expected)
    {
        await EngineMailbox.WaitAsync(expected.ReplaceLineEndings("\n"), async () => (await read()).ReplaceLineEndings("\n"));
        Tell(what);
    }

    private static void Tell(string what) => TestContext.Current.TestOutputHelper!.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.f} {what}");

    private void SendMetrics(IDistributedApplicationTestingBuilder builder) => builder
        .CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "processor"))
        .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", _metrics.Address)
        .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "1000");
}
