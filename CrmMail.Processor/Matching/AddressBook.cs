using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>
/// To whom the addresses of a batch belong. The exact address decides before the one without its tag ("+" is an ordinary character to
/// some servers), and at the same closeness an address of our own accounts is never a contact.
/// </summary>
internal sealed class AddressBook
{
    private readonly Dictionary<string, Guid> _contacts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly HashSet<(string Address, string AccountId)> _ownOf = [];

    /// <summary>Whose mails make no activities, whoever they are.</summary>
    public Blocklist Blocked { get; } = new();

    public void AddContact(string address, Guid contactId) => _contacts[address] = contactId;

    public void AddOwn(string address, string accountId)
    {
        _own.Add(address);
        _ownOf.Add((address, accountId));
    }

    public void Clear()
    {
        _contacts.Clear();
        _own.Clear();
        _ownOf.Clear();
        Blocked.Clear();
    }

    /// <summary>The contact behind the address; null when it is nobody's, or our own.</summary>
    public Guid? ContactOf(EmailAddress address) =>
        Owner(address.Value, out var contact) || Owner(address.WithoutTag().Value, out contact) ? contact : null;

    /// <summary>Whether the address belongs to one of our accounts.</summary>
    public bool IsOwn(EmailAddress address) =>
        _own.Contains(address.Value) || (!_contacts.ContainsKey(address.Value) && _own.Contains(address.WithoutTag().Value));

    /// <summary>Whether the address belongs to this account.</summary>
    public bool IsOwn(EmailAddress address, AccountId account) =>
        _ownOf.Contains((address.Value, account.Value))
        || (!_contacts.ContainsKey(address.Value) && _ownOf.Contains((address.WithoutTag().Value, account.Value)));

    private bool Owner(string address, out Guid? contact)
    {
        contact = null;
        if (_own.Contains(address))
        {
            return true;
        }

        var found = _contacts.TryGetValue(address, out var id);
        contact = found ? id : null;
        return found;
    }
}
