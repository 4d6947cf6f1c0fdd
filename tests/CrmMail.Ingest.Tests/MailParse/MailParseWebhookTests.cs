using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests.MailParse;

public sealed class MailParseWebhookTests
{
    /// <summary>What is done to a good webhook, and whether it is still one.</summary>
    public static TheoryData<string, bool> Webhooks() => new()
    {
        { "as MailParse sends it", true },
        { "signed 4 minutes ago", true },
        { "signed 4 minutes ahead", true },
        { "signed 6 minutes ago", false },
        { "signed 6 minutes ahead", false },
        { "of another secret", false },
        { "of another body", false },
        { "of another time", false },
        { "over the body alone", false },
        { "without a signature", false },
        { "without a time", false },
        { "in upper case", false },
        { "one digit too short", false },
        { "one digit too long", false },
        { "with a prefix", false },
        { "time with a sign", false },
        { "time as a date", false },
        { "time that no clock shows", false },
        { "empty", false },
    };

    [Theory]
    [MemberData(nameof(Webhooks))]
    public async Task Only_the_right_signature_of_now_opens_and_every_other_is_answered_alike(string webhook, bool isGood)
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);
        var unsigned = await ingest.SendAsync((MailParseWebhook.Signed() with { Signature = null }).ToRequest());

        var answer = await ingest.SendAsync(Changed(webhook).ToRequest());

        if (isGood)
        {
            answer.AssertAccepted();
            Assert.Single(ingest.Producer.Records);
        }
        else
        {
            answer.AssertProblem(401, "invalid-signature");
            Assert.Equal((unsigned.Body, unsigned.Headers["www-authenticate"]), (answer.Body, answer.Headers["www-authenticate"]));
            Assert.Empty(ingest.Producer.Records);
        }
    }

    [Fact]
    public async Task The_record_has_the_body_as_it_is_and_the_inbox_as_its_account()
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);
        var webhook = MailParseWebhook.Signed(" \r\n" + MailParseWebhook.Mail + " ");

        (await ingest.SendAsync(webhook.ToRequest())).AssertAccepted();

        var record = ingest.Producer.Record;
        var headers = record.ReadHeaders();
        Assert.Equal(webhook.Body, record.Value);
        Assert.Equal("mailparse:team", record.KeyText());
        Assert.Equal((MailSource.MailParse, "mail"), (headers.Source, headers.Event));
        Assert.StartsWith("json-sha256:", headers.EventId.Value, StringComparison.Ordinal);
        Assert.Equal(CorrelationId.Of(MailSource.MailParse, AccountId.Parse("mailparse:team"), headers.EventId), headers.CorrelationId);
        var measured = Assert.Single(ingest.Measured.Of(MailTelemetry.IngestSignatures));
        Assert.Equal("mailparse", measured.Tags[MailTelemetry.InstanceTag]);
    }

    /// <summary>R2: the second is known by its event id.</summary>
    [Fact]
    public async Task A_webhook_that_is_sent_twice_is_the_same_event()
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);
        var webhook = MailParseWebhook.Signed();

        (await ingest.SendAsync(webhook.ToRequest())).AssertAccepted();
        (await ingest.SendAsync(webhook.ToRequest())).AssertAccepted();

        Assert.Equal(2, ingest.Producer.Records.Count);
        Assert.Single(ingest.Producer.Records.Select(record => record.ReadHeaders().EventId).Distinct());
    }

    [Theory]
    [InlineData("team", true)]
    [InlineData("a", true)]
    [InlineData("sales.eu_2-x", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("Team", false)]
    [InlineData("te%20am", false)]
    [InlineData("te%2Fam", false)]
    [InlineData("te:am", false)]
    [InlineData("t%C3%A4m", false)]
    [InlineData("team@example.org", false)]
    public async Task Another_name_than_that_of_an_inbox_is_not_found(string inbox, bool isInbox)
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);

        var answer = await ingest.SendAsync(MailParseWebhook.Signed().ToRequest($"/webhooks/mailparse/{inbox}"));

        if (isInbox)
        {
            answer.AssertAccepted();
            Assert.Equal($"mailparse:{inbox}", ingest.Producer.Record.KeyText());
        }
        else
        {
            answer.AssertProblem(404, "not-found");
        }
    }

    /// <summary>What breaks the contract becomes a dead letter in the Processor, and is not lost with a sender that gives up.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    [InlineData("")]
    public async Task Whatever_is_signed_is_taken(string body)
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);

        (await ingest.SendAsync(MailParseWebhook.Signed(body).ToRequest())).AssertAccepted();

        Assert.Equal(body, Encoding.UTF8.GetString(ingest.Producer.Record.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_of_four_secrets_is_good(int position)
    {
        await using var ingest = await RunningIngest.StartAsync([.. Enumerable.Range(0, 4).Select(i => ($"Webhooks:MailParse:Secrets:{i}", (string?)SecretAt(i)))]);

        (await ingest.SendAsync(MailParseWebhook.Signed(secret: SecretAt(position)).ToRequest())).AssertAccepted();

        Assert.Equal(position, Assert.Single(ingest.Measured.Of(MailTelemetry.IngestSignatures)).Tags[MailTelemetry.SecretTag]);

        static string SecretAt(int position) => $"secret-number-{position}-of-the-tests";
    }

    [Fact]
    public async Task A_secret_follows_another_while_the_service_runs()
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);

        ingest.Settings.Change(("Webhooks:MailParse:Secrets:0", "the-next-secret-of-the-tests"));

        (await ingest.SendAsync(MailParseWebhook.Signed(secret: "the-next-secret-of-the-tests").ToRequest())).AssertAccepted();
        (await ingest.SendAsync(MailParseWebhook.Signed().ToRequest())).AssertProblem(401, "invalid-signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData(RunningIngest.Secret)]
    public async Task Without_a_secret_of_its_own_it_is_closed(string secret)
    {
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(MailParseWebhook.Signed(secret: secret).ToRequest())).AssertProblem(401, "invalid-signature");
    }

    [Fact]
    public async Task The_tolerance_is_a_setting()
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting, ("Webhooks:MailParse:TimestampTolerance", "00:20:00"));

        (await ingest.SendAsync(MailParseWebhook.Signed(age: TimeSpan.FromMinutes(19)).ToRequest())).AssertAccepted();
        (await ingest.SendAsync(MailParseWebhook.Signed(age: TimeSpan.FromMinutes(21)).ToRequest())).AssertProblem(401, "invalid-signature");
    }

    [Theory]
    [InlineData("127.0.0.0/8", 202)]
    [InlineData("10.0.0.0/8", 403)]
    public async Task Its_networks_are_its_own(string network, int status)
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting, ("Webhooks:MailParse:AllowedNetworks:0", network));

        Assert.Equal(status, (await ingest.SendAsync(MailParseWebhook.Signed().ToRequest())).Status);
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
    }

    [Fact]
    public async Task What_the_broker_does_not_have_is_not_accepted()
    {
        await using var ingest = await RunningIngest.StartAsync(MailParseWebhook.Setting);
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.NotAcknowledged, ErrorCode.Local_MsgTimedOut);

        var answer = await ingest.SendAsync(MailParseWebhook.Signed().ToRequest());

        answer.AssertProblem(503, "broker-unavailable");
        Assert.InRange(answer.RetryAfter, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("Webhooks:MailParse:Secrets:0", " ", "Webhooks:MailParse:Secrets:0 is blank; it must be the secret that MailParse signs with.")]
    [InlineData("Webhooks:MailParse:TimestampTolerance", "00:00:00", "Webhooks:MailParse:TimestampTolerance is 00:00:00; it must be above zero and at most 01:00:00, as hh:mm:ss.")]
    [InlineData("Webhooks:MailParse:AllowedNetworks:0", "team", "Webhooks:MailParse:AllowedNetworks:0 is \"team\"; it must be an address or a network such as 10.0.0.0/8 or fd00::/8.")]
    public async Task A_wrong_setting_is_named(string setting, string value, string message)
    {
        var wrong = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => RunningIngest.StartAsync((setting, value)));

        Assert.Equal(message, wrong.Message);
    }

    private static MailParseWebhook Changed(string change)
    {
        var good = MailParseWebhook.Signed();
        return change switch
        {
            "as MailParse sends it" => good,
            "signed 4 minutes ago" => MailParseWebhook.Signed(age: TimeSpan.FromMinutes(4)),
            "signed 4 minutes ahead" => MailParseWebhook.Signed(age: TimeSpan.FromMinutes(-4)),
            "signed 6 minutes ago" => MailParseWebhook.Signed(age: TimeSpan.FromMinutes(6)),
            "signed 6 minutes ahead" => MailParseWebhook.Signed(age: TimeSpan.FromMinutes(-6)),
            "of another secret" => MailParseWebhook.Signed(secret: "another-secret-of-the-tests"),
            "of another body" => good with { Body = [.. good.Body, (byte)' '] },
            "of another time" => good with { Timestamp = MailParseWebhook.Signed(age: TimeSpan.FromSeconds(30)).Timestamp },
            "over the body alone" => good with { Signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(MailParseWebhook.Secret), good.Body)) },
            "without a signature" => good with { Signature = null },
            "without a time" => good with { Timestamp = null },
            "in upper case" => good with { Signature = good.Signature!.ToUpperInvariant() },
            "one digit too short" => good with { Signature = good.Signature![..^1] },
            "one digit too long" => good with { Signature = good.Signature + "0" },
            "with a prefix" => good with { Signature = "0x" + good.Signature![2..] },
            "time with a sign" => Timed(good, "+" + good.Timestamp),
            "time as a date" => Timed(good, "2026-03-02T09:15:04Z"),
            "time that no clock shows" => Timed(good, "99999999999"),
            "empty" => good with { Signature = "", Timestamp = "" },
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
        };
    }

    /// <summary>With a signature that is right for the time.</summary>
    private static MailParseWebhook Timed(MailParseWebhook good, string timestamp) =>
        good with { Timestamp = timestamp, Signature = MailParseWebhook.Sign(timestamp, good.Body) };
}
