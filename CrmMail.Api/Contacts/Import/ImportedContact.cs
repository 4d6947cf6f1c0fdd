namespace CrmMail.Api.Contacts;

/// <summary>A contact while the lines of a batch are applied to it.</summary>
internal sealed class ImportedContact
{
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);

    private ImportedContact(Guid id, string name, Guid? companyId, bool isNew) => (Id, Name, CompanyId, IsNew) = (id, name, companyId, isNew);

    public Guid Id { get; }

    public string Name { get; private set; }

    public Guid? CompanyId { get; private set; }

    public bool IsNew { get; }

    /// <summary>Whether its row is to be written; new addresses change the contact too.</summary>
    public bool IsChanged { get; private set; }

    public List<(string Value, short Position)> NewAddresses { get; } = [];

    public static ImportedContact New() => new(Guid.CreateVersion7(), "", null, isNew: true);

    public static ImportedContact Stored(Guid id, string name, Guid? companyId) => new(id, name, companyId, isNew: false);

    public void AddStored(string address) => _addresses.Add(address);

    public bool IsChangedBy(ContactDraft draft) =>
        (draft.Name.Length > 0 && draft.Name != Name)
        || (draft.CompanyId is not null && draft.CompanyId != CompanyId)
        || draft.Addresses.Any(address => !_addresses.Contains(address.Value));

    public bool HasRoomFor(ContactDraft draft) =>
        _addresses.Count + draft.Addresses.Count(address => !_addresses.Contains(address.Value)) <= ContactDraft.MaxAddresses;

    /// <summary>Takes over what the draft says; what it does not say stays.</summary>
    public void Apply(ContactDraft draft)
    {
        IsChanged |= IsChangedBy(draft);
        Name = draft.Name.Length > 0 ? draft.Name : Name;
        CompanyId = draft.CompanyId ?? CompanyId;
        foreach (var address in draft.Addresses)
        {
            if (_addresses.Add(address.Value))
            {
                NewAddresses.Add((address.Value, (short)(_addresses.Count - 1)));
            }
        }
    }
}
