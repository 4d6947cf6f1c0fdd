using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests;

/// <summary>What a real EmailEngine sent, as it sent it.</summary>
public sealed class RecordingTests
{
    public static TheoryData<string> Recordings() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "recordings")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_recorded_webhook_becomes_a_record_with_its_body_untouched(string recording)
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var recorded = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "recordings", $"{recording}.json"), TestContext.Current.CancellationToken));
        var body = Encoding.UTF8.GetBytes(recorded.RootElement.GetProperty("body").GetString()!);
        var before = DateTimeOffset.UtcNow;

        using var request = new HttpRequestMessage(HttpMethod.Post, Webhook.Path) { Content = new ByteArrayContent(body) };
        foreach (var header in recorded.RootElement.GetProperty("headers").EnumerateObject())
        {
            Assert.True(request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()) || request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()));
        }

        (await ingest.SendAsync(request)).AssertAccepted();

        var record = ingest.Producer.Record;
        var sent = JsonElement.Parse(body);
        var eventId = recorded.RootElement.GetProperty("headers").GetProperty("x-ee-wh-event-id").GetString();
        Assert.Equal(body, record.Value);
        Assert.Equal(sent.GetProperty("account").GetString(), record.KeyText());
        var headers = record.ReadHeaders();
        Assert.Equal(MailSource.EmailEngine, headers.Source);
        Assert.Equal(sent.GetProperty("event").GetString(), headers.Event);
        Assert.Equal(eventId, headers.EventId.Value);
        Assert.Equal(CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse(record.KeyText()), headers.EventId), headers.CorrelationId);
        Assert.InRange(headers.ReceivedAt, before.AddTicks(-before.Ticks % 10), DateTimeOffset.UtcNow);
        Assert.Null(headers.SpilledBody);
        Assert.Equal("accepted 1", ingest.Measured.Answers);
    }

    [Fact]
    public async Task The_headers_of_a_record_are_those_of_the_contract_and_no_others()
    {
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(Webhook.Small, headers: [("X-EE-Wh-Event-Id", "8da1af6e-0d9d-49a1-a51e-32325d16c264"), ("X-EE-Wh-Custom-Route", "route"), ("X-Further", "value")])).AssertAccepted();

        Assert.Equal(
            ["source", "event", "event-id", "received-at", "correlation-id", "traceparent"],
            ingest.Producer.Record.Headers.Select(header => header.Key));
        Assert.Equal("emailengine", Encoding.UTF8.GetString(ingest.Producer.Record.Headers.GetLastBytes("source")));
        Assert.Equal("8da1af6e-0d9d-49a1-a51e-32325d16c264", Encoding.UTF8.GetString(ingest.Producer.Record.Headers.GetLastBytes("event-id")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", Encoding.UTF8.GetString(ingest.Producer.Record.Headers.GetLastBytes("received-at")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not printable: \u007f")]
    public async Task Without_a_usable_event_id_the_hash_of_the_body_is_the_identity_of_the_event(string? eventId)
    {
        await using var ingest = await RunningIngest.StartAsync();

        for (var delivery = 0; delivery < 2; delivery++)
        {
            (await ingest.SendAsync(Webhook.Small, headers: eventId is null ? [] : [("X-EE-Wh-Event-Id", eventId)])).AssertAccepted();
        }

        Assert.All(ingest.Producer.Records, record => Assert.StartsWith("sha256:", record.ReadHeaders().EventId.Value, StringComparison.Ordinal));
        Assert.Single(ingest.Producer.Records.Select(record => record.ReadHeaders().CorrelationId).Distinct());
    }
}
