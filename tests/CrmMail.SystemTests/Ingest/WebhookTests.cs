using System.Net;
using System.Security.Cryptography;
using System.Text;
using CrmMail.Contracts;
using CrmMail.SystemTests.Processor;
using Npgsql;

namespace CrmMail.SystemTests.Ingest;

public sealed class WebhookTests(RunningApplication system)
{
    private const string Path = "/webhooks/emailengine";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_topic_holds_the_bytes_that_were_sent_with_key_headers_and_in_the_partition_of_the_account()
    {
        var account = $"ünïcode {Guid.NewGuid():N}";
        var eventId = Guid.NewGuid().ToString();

        // Everything that a parser would change: the mark, blanks, the order of fields, one that is there twice, escapes, invalid UTF-8.
        byte[] body =
        [
            0xEF, 0xBB, 0xBF,
            .. Encoding.UTF8.GetBytes($$""" { "event":"an event of a later version", "account" : "nobody", "account":"{{account}}", "number":1.0E+2, "text":"\u0041\/" """),
            .. ",\"bytes\":\""u8, 0xC1, 0xBE, 0xFF, .. "\"}\r\n"u8,
        ];
        using var webhooks = new SignedWebhooks(system, Path, system.WebhookSecret);
        var before = DateTimeOffset.UtcNow;

        Assert.Equal(HttpStatusCode.Accepted, await webhooks.StatusAsync(body, eventId));

        var log = await EventLog.OfAsync(system);
        var record = Assert.Single(await log.ReadAsync(account));
        Assert.Equal(body, record.Message.Value);
        Assert.Equal(Encoding.UTF8.GetBytes(account), record.Message.Key);
        Assert.Equal(Murmur2.PartitionOf(record.Message.Key, log.CountPartitions()), record.Partition.Value);
        Assert.Equal(
            ["source", "event", "event-id", "received-at", "correlation-id", "traceparent"], record.Message.Headers.Select(header => header.Key));
        Assert.True(MailEventHeaders.TryRead(record.Message.Headers, out var headers, out var wrongHeader), wrongHeader);
        Assert.Equal((MailSource.EmailEngine, "an event of a later version", eventId), (headers.Source, headers.Event, headers.EventId.Value));
        Assert.Equal(CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse(account), headers.EventId), headers.CorrelationId);
        Assert.InRange(headers.ReceivedAt, before, DateTimeOffset.UtcNow);
    }

    /// <summary>From the tests of Apache Kafka, UtilsTest.testMurmur2.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_partitioner_of_these_tests_is_that_of_Kafka(string key, int hash) =>
        Assert.Equal(hash, (int)Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public async Task A_mail_that_no_record_can_hold_becomes_an_activity_all_the_same()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Dora", "dora@customer.example");
        var body = mailbox.MailFrom("dora@customer.example", "large@customer.example", new string('x', 2 * MailTopics.MaxBodyBytes));

        await mailbox.SendAsync(body);
        await mailbox.WaitForOutcomesAsync(1);

        Assert.Equal(1, await mailbox.CountActivitiesAsync());
        var record = Assert.Single(await (await EventLog.OfAsync(system)).ReadAsync(mailbox.Account));
        Assert.Empty(record.Message.Value);
        Assert.True(MailEventHeaders.TryRead(record.Message.Headers, out var headers, out var wrongHeader), wrongHeader);
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), (headers.SpilledBody!.Sha256Hex, headers.SpilledBody.Size));
        Assert.Equal(bytes, await ReadSpilledAsync(headers.SpilledBody));
    }

    [Fact]
    public async Task Two_EmailEngine_instances_have_secrets_of_their_own()
    {
        var account = $"account-{Guid.NewGuid():N}";
        var body = Encoding.UTF8.GetBytes($$"""{"account":"{{account}}","event":"trackOpen"}""");
        using var first = new SignedWebhooks(system, Path, system.WebhookSecret);
        using var second = new SignedWebhooks(system, $"{Path}/{RunningApplication.SecondInstance}", system.SecondInstanceSecret);
        using var secondAsFirst = new SignedWebhooks(system, Path, system.SecondInstanceSecret);
        using var firstAsSecond = new SignedWebhooks(system, $"{Path}/{RunningApplication.SecondInstance}", system.WebhookSecret);

        Assert.Equal(HttpStatusCode.Accepted, await first.StatusAsync(body, "1"));
        Assert.Equal(HttpStatusCode.Accepted, await second.StatusAsync(body, "2"));
        Assert.Equal(HttpStatusCode.Unauthorized, await secondAsFirst.StatusAsync(body, "3"));
        Assert.Equal(HttpStatusCode.Unauthorized, await firstAsSecond.StatusAsync(body, "4"));

        Assert.Equal(2, (await (await EventLog.OfAsync(system)).ReadAsync(account)).Count);
    }

    private async Task<byte[]?> ReadSpilledAsync(SpilledBody spilled)
    {
        await using var database = NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", Cancellation))!);
        await using var command = database.CreateCommand("select body from spilled_bodies where sha256 = $1");
        command.Parameters.Add(new() { Value = spilled.ToKey() });
        return await command.ExecuteScalarAsync(Cancellation) as byte[];
    }
}
