using System.Text;
using CrmMail.Contracts;
using CrmMail.Ingest.Tests.Running;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.Tests;

/// <summary>What checking and reading a webhook leaves for the garbage collector. A new allocation there is paid by every webhook.</summary>
public sealed class AllocationTests
{
    /// <summary>The strings "amy" and "messageNew", and the account id.</summary>
    private const int AccountAndEventBytes = 32 + 48 + 24;

    /// <summary>848 as a rule; under load 944 were seen, for as long as a test waits.</summary>
    private const int MostRecordBytes = 1000;

    private static readonly byte[][] Secrets = [.. Enumerable.Range(0, 4).Select(i => Encoding.UTF8.GetBytes($"secret-number-{i}"))];

    [Theory]
    [InlineData(2 * 1024)]
    [InlineData(64 * 1024)]
    public async Task Of_a_webhook_only_its_account_and_its_event_are_allocated(int size)
    {
        var webhook = Webhook.OfSize(size);
        var signature = Webhook.Sign(webhook.Body, "secret-number-3");
        var allocated = 0L;

        // The precompiled code of the framework allocates until it has been compiled again, which happens by and by.
        await Eventually.HoldsAsync(
            () => (allocated = Measure(() => CheckAndRead(webhook.Body, signature))) == AccountAndEventBytes, () => $"{allocated} bytes");
    }

    /// <summary>Its key, six headers, and what holds them; the body is the array that was received.</summary>
    [Fact]
    public async Task A_record_allocates_nothing_that_grows_with_the_body()
    {
        var account = AccountId.Parse("amy");
        var (small, large) = (new byte[1024], new byte[64 * 1024]);
        var (ofSmall, ofLarge) = (0L, 0L);

        await Eventually.HoldsAsync(
            () => (ofSmall = Measure(() => MakeRecord(small))) == (ofLarge = Measure(() => MakeRecord(large))) && ofLarge <= MostRecordBytes,
            () => $"{ofSmall} bytes, and {ofLarge} with a body of 64 KiB");

        void MakeRecord(byte[] body)
        {
            var eventId = EventId.Of("8da1af6e-0d9d-49a1-a51e-32325d16c264", body);
            var correlationId = CorrelationId.Of(MailSource.EmailEngine, account, eventId);
            MailEventRecord.Of(account, new MailEventHeaders(MailSource.EmailEngine, "messageNew", eventId, DateTimeOffset.UnixEpoch, correlationId), body);
        }
    }

    /// <summary>Bytes that one call allocates.</summary>
    private static long Measure(Action action)
    {
        const int Times = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }

    private static void CheckAndRead(byte[] body, string header)
    {
        if (!WebhookSignature.TryParse(header, out var signature)
            || signature.FindSigner(body, Secrets) != 3
            || WebhookEnvelope.TryRead(body, out _) != EnvelopeFault.None)
        {
            Assert.Fail("The webhook was refused.");
        }
    }
}
