using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests;

/// <summary>Every body up to the limit ends in Kafka or, if no record can hold it, in the store of large bodies; what its sender says of its length counts for nothing.</summary>
public sealed class BodySizeTests
{
    private const int MiB = 1024 * 1024;

    /// <summary>Above what one read of the web server brings, so that a body arrives in parts.</summary>
    private const int SmallLimit = 20_000;

    [Theory]
    [InlineData(MiB / 10 * 9, false)]
    [InlineData(MiB, false)]
    [InlineData(MiB + 1, true)]
    [InlineData(MiB / 10 * 11, true)]
    [InlineData(25 * MiB / 10 * 9, true)]
    [InlineData(25 * MiB, true)]
    public async Task A_body_that_no_record_can_hold_is_stored_and_the_record_names_it(int size, bool isSpilled)
    {
        await using var ingest = await RunningIngest.StartAsync();
        var webhook = Webhook.OfSize(size);

        (await ingest.SendAsync(webhook)).AssertAccepted();

        var record = ingest.Producer.Record;
        Assert.Equal("amy", record.KeyText());
        if (isSpilled)
        {
            var named = record.ReadHeaders().SpilledBody!;
            Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(webhook.Body)), size), (named.Sha256Hex, named.Size));
            Assert.Equal(webhook.Body, ingest.Store.Bodies[named.Sha256Hex]);
            Assert.Empty(record.Value);
        }
        else
        {
            Assert.Null(record.ReadHeaders().SpilledBody);
            Assert.Empty(ingest.Store.Bodies);
            Assert.Equal(webhook.Body, record.Value);
        }
    }

    [Theory]
    [InlineData(25L * MiB + 1)]
    [InlineData(25L * MiB / 10 * 11)]
    [InlineData(long.MaxValue)]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_comes(long announced)
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);

        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {announced}");

        (await sender.ReadAnswerAsync()).AssertProblem(413, "body-too-large");
        Assert.Equal("body-too-large 1", ingest.Measured.Answers);
    }

    [Theory]
    [InlineData(SmallLimit / 10 * 9, true)]
    [InlineData(SmallLimit, true)]
    [InlineData(SmallLimit + 1, false)]
    [InlineData(SmallLimit / 10 * 11, false)]
    public async Task The_limit_is_exact(int size, bool isTaken)
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxBodyBytes", $"{SmallLimit}"));

        var answer = await ingest.SendAsync(Webhook.OfSize(size));

        if (isTaken)
        {
            answer.AssertAccepted();
        }
        else
        {
            answer.AssertProblem(413, "body-too-large");
            Assert.Empty(ingest.Producer.Records);
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(SmallLimit / 10 * 9)]
    [InlineData(MiB + 1)]
    public async Task A_body_may_come_in_chunks_and_without_a_length(int size)
    {
        await using var ingest = await RunningIngest.StartAsync();
        var webhook = Webhook.OfSize(size);
        using var request = webhook.ToRequest();
        request.Headers.TransferEncodingChunked = true;

        (await ingest.SendAsync(request)).AssertAccepted();

        var record = ingest.Producer.Record;
        Assert.Equal(webhook.Body, record.ReadHeaders().SpilledBody is { } spilled ? ingest.Store.Bodies[spilled.Sha256Hex] : record.Value);
    }

    [Fact]
    public async Task Chunks_are_counted_as_they_come()
    {
        await using var ingest = await RunningIngest.StartAsync(("Limits:MaxBodyBytes", $"{SmallLimit}"));
        using var sender = await RawConnection.OpenAsync(ingest);
        var chunk = new byte[1_000];

        await sender.WriteHeadAsync(Webhook.Small, "Transfer-Encoding: chunked");
        for (var sent = 0; sent <= SmallLimit; sent += chunk.Length)
        {
            await sender.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n")));
            await sender.WriteAsync(chunk);
            await sender.WriteAsync("\r\n"u8.ToArray());
        }

        (await sender.ReadAnswerAsync()).AssertProblem(413, "body-too-large");
        Assert.Equal(0, ingest.Measured.Observe(CrmMail.Contracts.MailTelemetry.IngestReceivingBytes));
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_no_webhook()
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);

        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {Webhook.Small.Body.Length + 1}");
        await sender.WriteAsync(Webhook.Small.Body);
        sender.EndWriting();

        Assert.True(await sender.IsClosedAsync());
        Assert.Empty(ingest.Producer.Records);
    }

    [Fact]
    public async Task Of_a_body_longer_than_announced_the_rest_is_not_read()
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);

        await sender.WriteHeadAsync(Webhook.Small, $"Content-Length: {Webhook.Small.Body.Length - 1}");
        await sender.WriteAsync(Webhook.Small.Body);

        (await sender.ReadAnswerAsync()).AssertProblem(401, "invalid-signature");
        Assert.Empty(ingest.Producer.Records);
    }

    [Theory]
    [InlineData("X-None: 0")]
    [InlineData("Content-Length: 0")]
    public async Task No_body_at_all_has_no_valid_signature(string framing)
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);

        await sender.WriteHeadAsync(Webhook.Small, framing);

        (await sender.ReadAnswerAsync()).AssertProblem(401, "invalid-signature");
    }

    [Theory]
    [InlineData("Content-Length: 50\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Length: 50\r\nContent-Length: 51")]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: fifty")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: chunked, gzip")]
    public async Task A_framing_that_can_be_read_in_two_ways_never_reaches_the_topic(string framing)
    {
        await using var ingest = await RunningIngest.StartAsync();
        using var sender = await RawConnection.OpenAsync(ingest);

        await sender.WriteHeadAsync(Webhook.Small, framing);
        await sender.WriteAsync(Webhook.Small.Body);

        Assert.InRange((await sender.ReadAnswerAsync()).Status, 400, 499);
        Assert.Empty(ingest.Producer.Records);
    }
}
