using System.Security.Cryptography;

namespace CrmMail.Contracts;

/// <summary>AES-256-GCM: nonce (96 random bits), ciphertext and tag (128 bits), one after the other.</summary>
internal static class SealedBytes
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = NonceSize + TagSize;

    /// <param name="key">The key.</param>
    /// <param name="plaintext">What to encrypt.</param>
    /// <param name="associated">What has to be told again to decrypt it.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        var result = new byte[Overhead + plaintext.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, result.AsSpan(NonceSize, plaintext.Length), result.AsSpan(NonceSize + plaintext.Length), associated);
        return result;
    }

    /// <exception cref="CryptographicException">It is not what was encrypted with this key and told with it.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> associated)
    {
        if (content.Length < Overhead)
        {
            throw new CryptographicException("The ciphertext is shorter than any can be.");
        }

        var plaintext = new byte[content.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(content[..NonceSize], content[NonceSize..^TagSize], content[^TagSize..], plaintext, associated);
        return plaintext;
    }
}
