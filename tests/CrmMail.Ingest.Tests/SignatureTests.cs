using System.Buffers.Text;
using System.Text;
using CrmMail.Contracts;
using CrmMail.Ingest.Tests.Running;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.Tests;

public sealed class SignatureTests
{
    private const string OtherSecret = "another-secret-of-the-tests";

    // With both characters in its signature that base64 and base64url write differently.
    private static readonly Webhook Event = Enumerable.Range(0, int.MaxValue)
        .Select(number => Webhook.Signed($$"""{"account":"amy","event":"messageNew","number":{{number}}}"""))
        .First(webhook => webhook.Signature!.Contains('-', StringComparison.Ordinal) && webhook.Signature.Contains('_', StringComparison.Ordinal));

    /// <summary>What is done to a good signature, and whether it is still one.</summary>
    public static TheoryData<string, bool> Signatures() => new()
    {
        { "as EmailEngine writes it", true },
        { "padded", true },
        { "of another secret", false },
        { "of another body", false },
        { "of the secret with a blank behind it", false },
        { "missing", false },
        { "empty", false },
        { "twice", false },
        { "one character too short", false },
        { "one character too long", false },
        { "padded twice", false },
        { "as hex", false },
        { "as base64", false },
        { "with a prefix", false },
        { "with a blank inside", false },
        { "in other characters", false },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task Only_the_right_signature_opens(string signature, bool isGood)
    {
        await using var ingest = await RunningIngest.StartAsync();

        var answer = await ingest.SendAsync(WithSignature(signature));

        if (isGood)
        {
            answer.AssertAccepted();
            Assert.Single(ingest.Producer.Records);
        }
        else
        {
            await AssertRefusedAsWrongAsync(answer, ingest);
        }
    }

    [Fact]
    public void No_signature_with_one_bit_changed_is_good()
    {
        byte[][] secrets = [Encoding.UTF8.GetBytes(RunningIngest.Secret)];
        var body = Webhook.Small.Body;
        var mac = Base64Url.DecodeFromChars(Webhook.Small.Signature);
        Assert.Equal(0, Signer(mac));

        for (var bit = 0; bit < mac.Length * 8; bit++)
        {
            var changed = mac.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(-1, Signer(changed));
        }

        int Signer(byte[] claimed)
        {
            Assert.True(WebhookSignature.TryParse(Base64Url.EncodeToString(claimed), out var signature));
            return signature.FindSigner(body, secrets);
        }
    }

    [Fact]
    public void No_body_with_one_bit_changed_is_good()
    {
        byte[][] secrets = [Encoding.UTF8.GetBytes(RunningIngest.Secret)];
        Assert.True(WebhookSignature.TryParse(Webhook.Small.Signature, out var signature));

        for (var bit = 0; bit < Webhook.Small.Body.Length * 8; bit++)
        {
            var changed = Webhook.Small.Body.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(-1, signature.FindSigner(changed, secrets));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_of_four_secrets_is_good_and_a_metric_tells_which_was_used(int position)
    {
        await using var ingest = await RunningIngest.StartAsync([.. Enumerable.Range(0, 4).Select(i => ($"Webhooks:Secrets:{i}", SecretAt(i)))]);

        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, SecretAt(position)))).AssertAccepted();

        var measured = Assert.Single(ingest.Measured.Of(MailTelemetry.IngestSignatures));
        Assert.Equal("default", measured.Tags[MailTelemetry.InstanceTag]);
        Assert.Equal(position, measured.Tags[MailTelemetry.SecretTag]);

        static string SecretAt(int position) => $"secret-number-{position}-of-the-tests";
    }

    [Fact]
    public async Task An_instance_has_secrets_of_its_own()
    {
        await using var ingest = await RunningIngest.StartAsync(("Webhooks:Instances:second:Secrets:0", OtherSecret));

        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret), $"{Webhook.Path}/second")).AssertAccepted();
        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret), $"{Webhook.Path}/SECOND/")).AssertAccepted();
        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret))).AssertProblem(401, "invalid-signature");
        (await ingest.SendAsync(Webhook.Small, $"{Webhook.Path}/second")).AssertProblem(401, "invalid-signature");

        Assert.All(ingest.Measured.Of(MailTelemetry.IngestSignatures), measured => Assert.Equal("second", measured.Tags[MailTelemetry.InstanceTag]));
    }

    [Fact]
    public async Task With_instances_alone_the_address_without_a_name_is_closed()
    {
        await using var ingest = await RunningIngest.StartAsync(("Webhooks:Secrets:0", null), ("Webhooks:Instances:second:Secrets:0", OtherSecret));

        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret))).AssertProblem(401, "invalid-signature");
        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, ""))).AssertProblem(401, "invalid-signature");
        (await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret), $"{Webhook.Path}/second")).AssertAccepted();
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("default")]
    [InlineData("second%20")]
    [InlineData("%2e%2e%2fsecond")]
    public async Task An_unknown_instance_cannot_be_told_from_a_wrong_signature(string instance)
    {
        await using var ingest = await RunningIngest.StartAsync(("Webhooks:Instances:second:Secrets:0", OtherSecret));

        await AssertRefusedAsWrongAsync(await ingest.SendAsync(Webhook.Signed(Webhook.Small.Body, OtherSecret), $"{Webhook.Path}/{instance}"), ingest);
    }

    [Fact]
    public async Task A_secret_follows_another_while_the_service_runs()
    {
        await using var ingest = await RunningIngest.StartAsync();
        var byTheNext = Webhook.Signed(Webhook.Small.Body, OtherSecret);
        (await ingest.SendAsync(byTheNext)).AssertProblem(401, "invalid-signature");

        ingest.Settings.Change(("Webhooks:Secrets:0", OtherSecret), ("Webhooks:Secrets:1", RunningIngest.Secret));
        (await ingest.SendAsync(byTheNext)).AssertAccepted();
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();

        ingest.Settings.Change(("Webhooks:Secrets:1", null));
        (await ingest.SendAsync(byTheNext)).AssertAccepted();
        (await ingest.SendAsync(Webhook.Small)).AssertProblem(401, "invalid-signature");
    }

    [Fact]
    public async Task After_a_change_that_is_wrong_the_former_secrets_stay_and_the_log_says_why()
    {
        await using var ingest = await RunningIngest.StartAsync();

        ingest.Settings.Change(("Webhooks:Secrets:0", " "));

        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
        Assert.Contains(ingest.Logs.All, line => line.Text.Contains("the former ones stay. Webhooks:Secrets:0 is blank", StringComparison.Ordinal));
    }

    private static HttpRequestMessage WithSignature(string signature)
    {
        var good = Event.Signature!;
        var request = (Event with { Signature = null }).ToRequest();
        string[] values = signature switch
        {
            "as EmailEngine writes it" => [good],
            "padded" => [good + "="],
            "of another secret" => [Webhook.Sign(Event.Body, OtherSecret)],
            "of another body" => [Webhook.Sign([.. Event.Body, (byte)' '], RunningIngest.Secret)],
            "of the secret with a blank behind it" => [Webhook.Sign(Event.Body, RunningIngest.Secret + " ")],
            "missing" => [],
            "empty" => [""],
            "twice" => [good, good],
            "one character too short" => [good[..^1]],
            "one character too long" => [good + "A"],
            "padded twice" => [good + "=="],
            "as hex" => [Convert.ToHexStringLower(Base64Url.DecodeFromChars(good))],
            "as base64" => [good.Replace('-', '+').Replace('_', '/')],
            "with a prefix" => ["sha256=" + good],
            "with a blank inside" => [good[..20] + ' ' + good[20..]],
            "in other characters" => [string.Concat(good.AsSpan(0, 42), "*")],
            _ => throw new ArgumentOutOfRangeException(nameof(signature), signature, null),
        };
        foreach (var value in values)
        {
            request.Headers.TryAddWithoutValidation(Webhook.SignatureHeader, value);
        }

        return request;
    }

    private static async Task AssertRefusedAsWrongAsync(Answer answer, RunningIngest ingest)
    {
        var reference = await ingest.SendAsync(Webhook.Small with { Signature = Webhook.Sign([], RunningIngest.Secret) });
        answer.AssertProblem(401, "invalid-signature");
        Assert.Equal("HMAC-SHA256", answer.Headers["www-authenticate"]);
        Assert.Equal(reference.Body, answer.Body);
        Assert.Equal(
            reference.Headers.Where(header => header.Key != "date").OrderBy(header => header.Key),
            answer.Headers.Where(header => header.Key != "date").OrderBy(header => header.Key));
        Assert.Empty(ingest.Producer.Records);
        Assert.Equal("invalid-signature 2", ingest.Measured.Answers);
    }
}
