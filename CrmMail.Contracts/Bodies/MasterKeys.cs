using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>The master keys of the configuration: they encrypt the keys of contacts and never leave the process.</summary>
public sealed class MasterKeys
{
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <param name="options">Valid options.</param>
    public MasterKeys(BodyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var key in options.MasterKeys)
        {
            _keys.Add(key.Id, key.ToBytes()!);
        }

        CurrentId = options.MasterKeys.FirstOrDefault()?.Id;
    }

    /// <summary>The key that encrypts; null when there is none.</summary>
    public string? CurrentId { get; }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string id) => _keys.ContainsKey(id);

    /// <summary>Encrypts the key of a contact with the first key.</summary>
    /// <exception cref="MissingMasterKeyException">There is none.</exception>
    public WrappedDataKey Wrap(DataKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var master = CurrentId ?? throw new MissingMasterKeyException(null);
        return new WrappedDataKey(key.Id, master, SealedBytes.Seal(_keys[master], key.Bytes, AssociatedWith(key.Id)));
    }

    /// <summary>Decrypts the key of a contact.</summary>
    /// <exception cref="MissingMasterKeyException">The configuration does not have the key that encrypted it.</exception>
    /// <exception cref="CryptographicException">It is not what that key has encrypted.</exception>
    public DataKey Unwrap(WrappedDataKey wrapped) =>
        _keys.TryGetValue(wrapped.MasterKeyId, out var master)
            ? new DataKey(wrapped.Id, SealedBytes.Open(master, wrapped.Content, AssociatedWith(wrapped.Id)))
            : throw new MissingMasterKeyException(wrapped.MasterKeyId);

    private static byte[] AssociatedWith(Guid dataKey) => Encoding.UTF8.GetBytes($"data-key\n{dataKey:n}");
}

/// <summary>A row of <c>data_keys</c>.</summary>
/// <param name="Id">The key.</param>
/// <param name="MasterKeyId">What encrypted it.</param>
/// <param name="Content">The key, encrypted.</param>
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "It is a column.")]
public readonly record struct WrappedDataKey(Guid Id, string MasterKeyId, byte[] Content);
