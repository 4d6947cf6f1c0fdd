using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>
/// One identity of a mail: the SHA-256 of a canonical id. A mail has up to three (emailId, Message-ID, the Message-ID before the provider
/// rewrote it); any of them finds it. On a timeline (<c>mail_key</c>) it goes by that of its Message-ID, which all accounts share, and only
/// without one by that of its emailId. Hashed, because a Message-ID may exceed the 2,704 bytes of a B-tree entry.
/// </summary>
public sealed class MessageKey : IEquatable<MessageKey>
{
    /// <summary>The size of a key in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly byte[] _hash;

    private MessageKey(byte[] hash) => _hash = hash;

    /// <summary>The 32 bytes, as <c>message_keys.key</c> stores them.</summary>
    public ReadOnlyMemory<byte> Bytes => _hash;

    /// <summary>The key of a Message-ID, the same in every account that has the mail; false when nothing is left of the id.</summary>
    public static bool TryFromMessageId(string? messageId, [NotNullWhen(true)] out MessageKey? key)
    {
        key = Canonical(messageId) is { Length: > 0 } id ? Hash(id) : null;
        return key is not null;
    }

    /// <summary>The key of a provider's own id, which means something in its account only; false when nothing is left of the id.</summary>
    public static bool TryFromEmailId(AccountId account, string? emailId, [NotNullWhen(true)] out MessageKey? key)
    {
        ArgumentNullException.ThrowIfNull(account);
        // A canonical id holds no NUL, so no Message-ID can be made to look like an emailId.
        key = Canonical(emailId) is { Length: > 0 } id ? Hash($"emailId\0{account.Value}\0{id}") : null;
        return key is not null;
    }

    /// <summary>A key that was stored.</summary>
    /// <exception cref="ArgumentException">It does not have 32 bytes.</exception>
    public static MessageKey FromBytes(ReadOnlySpan<byte> hash) =>
        hash.Length == Size ? new MessageKey(hash.ToArray()) : throw new ArgumentException($"A message key has {Size} bytes, not {hash.Length}.", nameof(hash));

    /// <summary>Reads what <see cref="ToString"/> shows, in upper case as well; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, [NotNullWhen(true)] out MessageKey? key)
    {
        var hash = new byte[Size];
        var isKey = hex is { Length: 2 * Size } && Convert.FromHexString(hex, hash, out _, out _) == OperationStatus.Done;
        key = isKey ? new MessageKey(hash) : null;
        return key is not null;
    }

    /// <summary>
    /// The form in which ids are compared and stored: trimmed, one pair of angle brackets removed, what is inside kept byte for byte and
    /// case for case (RFC 5322, 3.6.4). Malformed ids are as good an identity as others and are not refused. Null for null or blank.
    /// </summary>
    public static string? Canonical(string? id)
    {
        var inner = id.AsSpan().Trim();
        if (inner.Length >= 2 && inner[0] == '<' && inner[^1] == '>')
        {
            inner = inner[1..^1].Trim();
        }

        return inner.IsEmpty ? null : SafeText.Clean(inner.Length == id!.Length ? id : inner.ToString());
    }

    private static MessageKey Hash(string identity) => new(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));

    /// <inheritdoc/>
    public bool Equals(MessageKey? other) => other is not null && _hash.AsSpan().SequenceEqual(other._hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MessageKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>64 lower hex digits, as <c>encode(key, 'hex')</c> shows it.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash);
}
