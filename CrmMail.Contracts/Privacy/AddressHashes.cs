using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>
/// Hashes by which an address is known again and cannot be read: HMAC-SHA256 with a key that is not in the database. Without a key whoever
/// has the table could try all addresses that there are; there are not many.
/// </summary>
public sealed class AddressHashes
{
    private readonly byte[][] _keys;

    /// <param name="options">Valid options.</param>
    public AddressHashes(ErasureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _keys = [.. options.Keys.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The hashes of an address that is erased now: its own, and at Gmail that of its mailbox, which has many addresses.</summary>
    public IEnumerable<byte[]> Of(EmailAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return NamesOf(address, isTagLeftOut: false).Select(name => Hash(_keys[0], name));
    }

    /// <summary>Every hash that the address may have been erased under: by all keys, and also without its tag (<c>ann+shop@</c>).</summary>
    public IEnumerable<byte[]> AllOf(EmailAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var names = NamesOf(address, isTagLeftOut: true);
        return _keys.SelectMany(key => names.Select(name => Hash(key, name)));
    }

    /// <summary>
    /// The id of a contact that nobody enters: it follows from the mailbox, so whoever makes the contact makes the same, and tells nothing of
    /// it. By all keys, for the contact may be there from before the key was changed; the first is that of today.
    /// </summary>
    public IReadOnlyList<Guid> ContactIdsOf(EmailAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Array.ConvertAll(_keys, key => ToId(Hash(key, $"contact {address.Mailbox}")));
    }

    /// <summary>A UUID of version 8 (RFC 9562, section 5.8).</summary>
    private static Guid ToId(byte[] hash)
    {
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static HashSet<string> NamesOf(EmailAddress address, bool isTagLeftOut)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { address.Value };
        if (isTagLeftOut)
        {
            names.Add(address.WithoutTag().Value);
        }

        if (address.GmailMailbox is { } mailbox)
        {
            names.Add(mailbox);
        }

        return names;
    }

    private static byte[] Hash(byte[] key, string name) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name));
}
