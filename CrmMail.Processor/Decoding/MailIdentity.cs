using CrmMail.Contracts;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// The keys by which a mail is known in its account, the best first: Message-ID, the Message-ID before the provider rewrote it, emailId.
/// Empty when the mail has none.
/// </summary>
internal sealed class MailIdentity
{
    private readonly MessageKey[] _keys;
    private readonly bool _hasEmailId;

    private MailIdentity(string? messageId, MessageKey[] keys, bool hasEmailId)
    {
        MessageId = messageId;
        _keys = keys;
        _hasEmailId = hasEmailId;
    }

    /// <summary>The Message-ID in its canonical form, where there is one.</summary>
    public string? MessageId { get; }

    public ReadOnlySpan<MessageKey> Keys => _keys;

    /// <summary>The keys by which other mails can name it, in whatever account they are.</summary>
    public ReadOnlySpan<MessageKey> MessageIdKeys => _keys.AsSpan(0, _keys.Length - (_hasEmailId ? 1 : 0));

    public bool IsEmpty => _keys.Length == 0;

    public static MailIdentity Of(AccountId account, string? messageId, string? originalMessageId, string? emailId)
    {
        var hasMessageId = MessageKey.TryFromMessageId(messageId, out var message);
        var hasOriginal = MessageKey.TryFromMessageId(originalMessageId, out var original) && !original.Equals(message);
        var hasEmailId = MessageKey.TryFromEmailId(account, emailId, out var email);
        var keys = new MessageKey[(hasMessageId ? 1 : 0) + (hasOriginal ? 1 : 0) + (hasEmailId ? 1 : 0)];
        var count = 0;
        if (hasMessageId)
        {
            keys[count++] = message!;
        }

        if (hasOriginal)
        {
            keys[count++] = original!;
        }

        if (hasEmailId)
        {
            keys[count] = email!;
        }

        return new MailIdentity(MessageKey.Canonical(messageId) ?? MessageKey.Canonical(originalMessageId), keys, hasEmailId);
    }
}
