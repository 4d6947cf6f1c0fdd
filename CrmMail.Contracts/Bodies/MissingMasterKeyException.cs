namespace CrmMail.Contracts;

/// <summary>The configuration does not have a master key that is needed.</summary>
/// <param name="keyId">Its id; null where any would do.</param>
public sealed class MissingMasterKeyException(string? keyId) : Exception(keyId is null
    ? "Bodies:MasterKeys has no key, and bodies are to be stored or read."
    : $"Bodies:MasterKeys does not have the key \"{keyId}\", with which keys of contacts are encrypted. Put it back behind the others.")
{
    /// <summary>The id of the key; null where any would do.</summary>
    public string? KeyId { get; } = keyId;
}
