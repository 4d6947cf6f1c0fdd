using System.Globalization;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.MailParse;
using CrmMail.Ingest.MailParse.Polling;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Tests.MailParse;

public sealed class PollingTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly (string Key, string? Value)[] Settings =
    [
        MailParseWebhook.Setting,
        ("MailParse:Polling:BaseUrl", "http://mailparse.example/v1/"),
        ("MailParse:Polling:Token", "the-token"),
        ("MailParse:Polling:Inboxes:0", "team"),
    ];

    private readonly ScriptedListing _listing = new();
    private readonly MemoryCursors _cursors = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listing.Dispose();

    [Fact]
    public async Task A_mail_is_the_same_event_whether_a_webhook_or_a_page_brings_it()
    {
        await using var ingest = await StartAsync();
        var written = " { \"subject\" : \"Hello\",\"message_id\":\"<1@example.org>\",\n\"envelope\":{\"from\":{\"name\":\"Bob\",\"email\":\"bob@example.org\"}} } ";
        _listing.Answer = () => ScriptedListing.Page($$"""{"total":1,"messages":[{{written}}],"next_cursor":"c1","has_more":false}""");

        (await ingest.SendAsync(MailParseWebhook.Signed().ToRequest())).AssertAccepted();
        Assert.Equal(Interval, await ReadNextAsync(ingest));

        Assert.Equal(2, ingest.Producer.Records.Count);
        var (ofWebhook, ofPage) = (ingest.Producer.Records[0], ingest.Producer.Records[1]);
        Assert.Equal(written.Trim(), Encoding.UTF8.GetString(ofPage.Value));
        Assert.Equal("mailparse:team", ofPage.KeyText());
        Assert.Equal(
            (MailSource.MailParse, "mail", ofWebhook.ReadHeaders().EventId, ofWebhook.ReadHeaders().CorrelationId),
            (ofPage.ReadHeaders().Source, ofPage.ReadHeaders().Event, ofPage.ReadHeaders().EventId, ofPage.ReadHeaders().CorrelationId));
        Assert.Equal(new InboxPosition("c1", 0), _cursors.Position);
    }

    [Fact]
    public async Task A_page_is_asked_for_where_the_one_before_ended_and_at_once_if_it_is_there_already()
    {
        await using var ingest = await StartAsync();
        _listing.Answer = () => ScriptedListing.Page("""{"messages":[{"n":1},{"n":2}],"next_cursor":"a&b=ü","has_more":true}""");
        Assert.Equal(TimeSpan.Zero, await ReadNextAsync(ingest));
        _listing.Answer = () => ScriptedListing.Page("""{"messages":[]}""");
        Assert.Equal(Interval, await ReadNextAsync(ingest));

        Assert.Equal(
            [
                ("http://mailparse.example/v1/inboxes/team/messages?limit=100", "Bearer the-token"),
                ("http://mailparse.example/v1/inboxes/team/messages?limit=100&cursor=a%26b%3D%C3%BC", "Bearer the-token"),
            ],
            _listing.Requests);
        Assert.Equal(2, ingest.Producer.Records.Count);
        Assert.Equal(new InboxPosition("a&b=ü", 0), _cursors.Position);
    }

    /// <summary>The cursor stays where it was, so that nothing is passed over.</summary>
    [Fact]
    public async Task What_the_broker_does_not_have_is_read_again()
    {
        await using var ingest = await StartAsync();
        _cursors.Position = new("c1", 0);
        _listing.Answer = () => ScriptedListing.Page("""{"messages":[{"n":1},{"n":2}],"next_cursor":"c2"}""");
        var handed = 0;
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(handed++ == 0 ? ProduceOutcome.Acknowledged : ProduceOutcome.NotAcknowledged, ErrorCode.Local_MsgTimedOut);

        await ReadNextAsync(ingest);
        Assert.Equal(new InboxPosition("c1", 1), _cursors.Position);

        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.Acknowledged);
        await ReadNextAsync(ingest);
        Assert.Equal(new InboxPosition("c2", 0), _cursors.Position);
        Assert.Equal(["not-stored", "read"], ingest.Measured.Of(MailTelemetry.IngestPolls).Select(measured => measured.Tags[MailTelemetry.OutcomeTag]));
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "120", 120)]
    [InlineData(503, "0", 0)]
    [InlineData(429, "604800", 86_400)]
    public async Task Retry_After_is_honoured_up_to_a_day(int status, string retryAfter, int seconds)
    {
        await using var ingest = await StartAsync();
        _cursors.Position = new("c1", 0);
        _listing.Answer = () => ScriptedListing.Refusal(status, retryAfter);

        Assert.Equal(TimeSpan.FromSeconds(seconds), await ReadNextAsync(ingest));

        Assert.Equal((new InboxPosition("c1", 1), TimeSpan.FromSeconds(seconds)), Assert.Single(_cursors.Moves));
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        await using var ingest = await StartAsync();
        _listing.Answer = () => ScriptedListing.Refusal(429, DateTimeOffset.UtcNow.AddMinutes(10).ToString("R", CultureInfo.InvariantCulture));

        Assert.InRange(await ReadNextAsync(ingest), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    /// <summary>Answers that are no page, each once more after a failure before.</summary>
    public static TheoryData<string> Failures() => ["500", "401", "302", "no JSON", "an array", "no messages", "messages of another type", "a cursor of another type", "a page that leads nowhere", "silence"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task After_a_failure_it_waits_longer_and_asks_for_less(string failure)
    {
        await using var ingest = await StartAsync();
        _cursors.Position = new("c1", 0);
        _listing.Answer = () => Failing(failure);

        Assert.InRange(await ReadNextAsync(ingest), Interval * 0.8, Interval * 1.2);
        Assert.InRange(await ReadNextAsync(ingest), Interval * 1.6, Interval * 2.4);
        await ReadNextAsync(ingest);

        Assert.Equal(new InboxPosition("c1", 3), _cursors.Position);
        Assert.Equal(["limit=100", "limit=50", "limit=25"], _listing.Requests.Select(request => request.Address.Split('?', '&')[1]));
        Assert.Empty(ingest.Producer.Records);
    }

    [Fact]
    public async Task However_often_it_failed_it_asks_for_one_mail_within_a_quarter_of_an_hour()
    {
        await using var ingest = await StartAsync();
        _cursors.Position = new("c1", int.MaxValue - 1);
        _listing.Answer = () => Failing("500");

        Assert.InRange(await ReadNextAsync(ingest), TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(18));
        Assert.Contains("limit=1&", Assert.Single(_listing.Requests).Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_that_is_no_longer_known_begins_anew()
    {
        await using var ingest = await StartAsync();
        _cursors.Position = new("c1", 0);
        _listing.Answer = () => ScriptedListing.Refusal(410, null);

        Assert.Equal(TimeSpan.Zero, await ReadNextAsync(ingest));

        Assert.Equal(new InboxPosition(null, 0), _cursors.Position);
    }

    /// <summary>Without a cursor there is none to begin anew from, and no reason to ask without end.</summary>
    [Fact]
    public async Task Gone_without_a_cursor_is_a_failure_like_another()
    {
        await using var ingest = await StartAsync();
        _listing.Answer = () => ScriptedListing.Refusal(410, null);

        Assert.InRange(await ReadNextAsync(ingest), Interval * 0.8, Interval * 1.2);
    }

    [Fact]
    public async Task An_inbox_that_another_replica_reads_is_left_alone()
    {
        await using var ingest = await StartAsync();
        _cursors.IsTaken = true;

        Assert.Equal(Interval, await ReadNextAsync(ingest));

        Assert.Empty(_listing.Requests);
    }

    [Theory]
    [InlineData("MailParse:Polling:BaseUrl", "/v1", "MailParse:Polling:BaseUrl is \"/v1\"; it must be an address such as https://api.mailparse.example/v1, without a query.")]
    [InlineData("MailParse:Polling:BaseUrl", "ftp://mailparse.example/", "MailParse:Polling:BaseUrl is \"ftp://mailparse.example/\"; it must be an address such as https://api.mailparse.example/v1, without a query.")]
    [InlineData("MailParse:Polling:Token", "", "MailParse:Polling:Token is missing or has characters that no token has; it must be the bearer token of the listing.")]
    [InlineData("MailParse:Polling:Inboxes:0", null, "MailParse:Polling:Inboxes has 0 inboxes; it must have 1 to 100.")]
    [InlineData("MailParse:Polling:Inboxes:0", "Team", "MailParse:Polling:Inboxes:0 is \"Team\"; it must be 1 to 64 lower-case letters, digits, dots, underscores and hyphens.")]
    [InlineData("MailParse:Polling:Inboxes:1", "team", "MailParse:Polling:Inboxes:1 is \"team\" again; each inbox may be named once.")]
    [InlineData("MailParse:Polling:PageSize", "0", "MailParse:Polling:PageSize is 0; it must be 1 to 1000.")]
    [InlineData("MailParse:Polling:Interval", "00:00:00.5", "MailParse:Polling:Interval is 00:00:00.5000000; it must be 00:00:01 to 1.00:00:00, as hh:mm:ss.")]
    public async Task A_wrong_setting_is_named(string setting, string? value, string message)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((setting, value)));

        Assert.Equal(message, wrong.Message);
    }

    private static HttpResponseMessage Failing(string failure) => failure switch
    {
        "500" or "401" or "302" => ScriptedListing.Refusal(int.Parse(failure, CultureInfo.InvariantCulture), null),
        "no JSON" => ScriptedListing.Page("<html>"),
        "an array" => ScriptedListing.Page("[]"),
        "no messages" => ScriptedListing.Page("""{"next_cursor":"c2"}"""),
        "messages of another type" => ScriptedListing.Page("""{"messages":{"n":1}}"""),
        "a cursor of another type" => ScriptedListing.Page("""{"messages":[],"next_cursor":2}"""),
        "a page that leads nowhere" => ScriptedListing.Page("""{"messages":[],"next_cursor":"c1","has_more":true}"""),
        "silence" => throw new HttpRequestException(HttpRequestError.ConnectionError),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };

    /// <summary>Ingest with this listing and these cursors; the test does what the worker does.</summary>
    private Task<RunningIngest> StartAsync(params (string Key, string? Value)[] settings) => RunningIngest.StartAsync(
        builder =>
        {
            builder.AddMailParsePolling();
            builder.Services.AddHttpClient(nameof(ListingClient)).ConfigurePrimaryHttpMessageHandler(() => _listing);
            builder.Services.AddSingleton<IPollingCursors>(_cursors);
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(PollingWorker)));
        },
        [.. Settings, .. settings]);

    private static Task<TimeSpan> ReadNextAsync(RunningIngest ingest)
    {
        Assert.True(MailParseInbox.TryParse("team", out var inbox));
        return ingest.Services.GetRequiredService<InboxReader>().ReadNextAsync(inbox, 0, Cancellation);
    }
}
