using CrmMail.SystemTests.Api;

namespace CrmMail.SystemTests.Reconciliation;

/// <summary>A time in which EmailEngine's webhooks are gone for good, as after its last attempt; until it is disposed.</summary>
internal sealed class LostWebhooks : IAsyncDisposable
{
    private readonly EngineMailbox _mailbox;

    private LostWebhooks(EngineMailbox mailbox) => _mailbox = mailbox;

    public static async Task<LostWebhooks> BeginAsync(EngineMailbox mailbox)
    {
        await mailbox.CallEngineAsync(HttpMethod.Post, "/v1/settings", new { webhooksEnabled = false });
        return new LostWebhooks(mailbox);
    }

    public async ValueTask DisposeAsync() => await _mailbox.CallEngineAsync(HttpMethod.Post, "/v1/settings", new { webhooksEnabled = true });
}
