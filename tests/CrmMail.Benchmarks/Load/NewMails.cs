using CrmMail.Benchmarks.Replay;

namespace CrmMail.Benchmarks.Load;

/// <summary>Each time another mail of <see cref="MailLoad"/>.</summary>
internal sealed class NewMails : IRequestSource
{
    private static int _mails;

    public ReadOnlyMemory<byte> Next() => WebhookBytes.Of(Guid.NewGuid(), MailLoad.BodyOf(Interlocked.Increment(ref _mails)));
}
