namespace CrmMail.Benchmarks.Load;

/// <summary>The same body again and again, each time as another event.</summary>
internal sealed class SameWebhook(ReadOnlySpan<byte> body) : IRequestSource
{
    private readonly byte[] _webhook = WebhookBytes.Of(Guid.Empty, body);

    public ReadOnlyMemory<byte> Next()
    {
        WebhookBytes.ChangeEventId(_webhook, Guid.NewGuid());
        return _webhook;
    }
}
