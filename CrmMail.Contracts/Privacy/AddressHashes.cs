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
