using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>A key of a contact, which encrypts the keys of the bodies of its mails; or the one key of the fingerprints.</summary>
public sealed class DataKey
{
    private readonly byte[] _key;

    internal DataKey(Guid id, byte[] key) => (Id, _key) = (id, key);

    /// <summary>The key's own name.</summary>
    public Guid Id { get; }

    internal ReadOnlySpan<byte> Bytes => _key;

    /// <summary>A random one.</summary>
    public static DataKey Create() => new(Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(MasterKeyOptions.KeySize));

    /// <summary>Encrypts the key of a body.</summary>
    public byte[] Wrap(ContentKey key, BodyPlace place)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SealedBytes.Seal(_key, key.Bytes, place.ForContentKey(Id));
    }

    /// <summary>Decrypts the key of a body.</summary>
    /// <exception cref="CryptographicException">It is that of another mail or contact, or was changed.</exception>
    public ContentKey Unwrap(ReadOnlySpan<byte> wrapped, BodyPlace place) => new(SealedBytes.Open(_key, wrapped, place.ForContentKey(Id)));

    /// <summary>What tells whether two bodies of an account are the same, and nothing else to who does not have the key.</summary>
    public byte[] FingerprintOf(ReadOnlySpan<byte> body, string accountId)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{accountId}\n"));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
