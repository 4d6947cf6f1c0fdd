using System.Text;
using CrmMail.Ingest.Tests.Running;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.Tests;

/// <summary>What checking and reading a webhook leaves for the garbage collector. A new allocation there is paid by every webhook.</summary>
public sealed class AllocationTests
{
    /// <summary>The strings "amy" and "messageNew", and the account id.</summary>
    private const int AccountAndEventBytes = 32 + 48 + 24;

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
