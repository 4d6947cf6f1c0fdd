using CrmMail.Contracts;

namespace CrmMail.Processor.Bodies;

/// <summary>The data keys that some bodies need: those that there are, decrypted when one is needed, and new ones for contacts who have none.</summary>
internal sealed class DataKeyRing(MasterKeys masterKeys)
{
    private readonly Dictionary<Guid, (WrappedDataKey Key, Guid? ContactId)> _stored = [];
    private readonly Dictionary<Guid, Guid> _firstOfContact = [];
    private readonly Dictionary<Guid, DataKey> _open = [];

    /// <summary>Keys to be written.</summary>
    public List<(WrappedDataKey Key, Guid ContactId)> Added { get; } = [];

    /// <summary>The key of the fingerprints; null when there is none yet.</summary>
    public DataKey? Fingerprints { get; private set; }

    /// <summary>Adds a key that there is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="contactId">Whose it is; null for that of the fingerprints.</param>
    /// <param name="cameByMerge">Whether it goes back to another contact when a merge is undone: then the contact gets no more bodies by it.</param>
    public void AddStored(WrappedDataKey key, Guid? contactId, bool cameByMerge)
    {
        _stored.Add(key.Id, (key, contactId));
        if (contactId is { } contact)
        {
            if (!cameByMerge)
            {
                _firstOfContact.TryAdd(contact, key.Id);
            }
        }
        else
        {
            Fingerprints = Open(key.Id);
        }
    }

    public bool IsOf(Guid dataKey, Guid contact) => _stored.TryGetValue(dataKey, out var key) && key.ContactId == contact;

    /// <summary>A stored key.</summary>
    public DataKey Open(Guid dataKey)
    {
        if (!_open.TryGetValue(dataKey, out var key))
        {
            _open.Add(dataKey, key = masterKeys.Unwrap(_stored[dataKey].Key));
        }

        return key;
    }

    /// <summary>The key by which the contact gets more bodies.</summary>
    public DataKey OfContact(Guid contact)
    {
        if (_firstOfContact.TryGetValue(contact, out var stored))
        {
            return Open(stored);
        }

        var key = DataKey.Create();
        var wrapped = masterKeys.Wrap(key);
        AddStored(wrapped, contact, cameByMerge: false);
        Added.Add((wrapped, contact));
        _open.Add(key.Id, key);
        return key;
    }
}
