using System.Security.Cryptography;

namespace CrmMail.Contracts;

/// <summary>The key of one body, used once.</summary>
public sealed class ContentKey
{
    private readonly byte[] _key;

    internal ContentKey(byte[] key) => _key = key;

    internal ReadOnlySpan<byte> Bytes => _key;

    /// <summary>A random one.</summary>
    public static ContentKey Create() => new(RandomNumberGenerator.GetBytes(MasterKeyOptions.KeySize));

    /// <summary>Encrypts the bytes of a body.</summary>
    public byte[] Seal(ReadOnlySpan<byte> body, BodyPlace place) => SealedBytes.Seal(_key, body, place.ForContent());

    /// <summary>Decrypts them.</summary>
    /// <exception cref="CryptographicException">They are those of another mail, or were changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> content, BodyPlace place) => SealedBytes.Open(_key, content, place.ForContent());
}
