using System.Text;
using CrmMail.Contracts;
using CrmMail.Ingest.Tests.Running;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.Tests;

/// <summary>What checking and reading a webhook leaves for the garbage collector. A new allocation there is paid by every webhook.</summary>
/// <remarks>While other tests run, and with them code for the first time, the runtime puts off compiling again what is measured here.</remarks>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    /// <summary>The strings "amy" and "messageNew", and the account id.</summary>
    private const int AccountAndEventBytes = 32 + 48 + 24;

    private const int RecordBytes = 848;

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
        var body = new byte[64 * 1024];
        var allocated = 0L;

        await Eventually.HoldsAsync(() => (allocated = Measure(MakeRecord)) == RecordBytes, () => $"{allocated} bytes");

        void MakeRecord()
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
