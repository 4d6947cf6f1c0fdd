using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>
/// To whom the addresses of a batch belong. A closer rule decides before a looser one ("+" is an ordinary character to some servers), and by
/// the same rule an address of our own accounts is never a contact.
/// </summary>
internal sealed class AddressBook
{
    private readonly Dictionary<string, Guid> _contacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _gmailContacts = new(StringComparer.Ordinal);
    private readonly OwnAddresses _own = new();
    private readonly OwnAddresses _gmailOwn = new();

    /// <summary>Whose mails make no activities, whoever they are.</summary>
    public Blocklist Blocked { get; } = new();

    public void AddContact(string address, Guid contactId) => _contacts[address] = contactId;

    /// <summary>The contact that has an address of this mailbox at Gmail.</summary>
    public void AddGmailContact(string mailbox, Guid contactId) => _gmailContacts[mailbox] = contactId;

    public void AddOwn(string address, string accountId) => _own.Add(address, accountId);

    /// <summary>The account that has an address of this mailbox at Gmail.</summary>
    public void AddGmailOwn(string mailbox, string accountId) => _gmailOwn.Add(mailbox, accountId);

    public void Clear()
    {
        _contacts.Clear();
        _gmailContacts.Clear();
        _own.Clear();
        _gmailOwn.Clear();
        Blocked.Clear();
    }

    /// <summary>The contact behind the address, and the rule that led there; null when it is nobody's, or our own.</summary>
    public (Guid Contact, MatchRule Rule)? ContactOf(EmailAddress address)
    {
        foreach (var rule in MatchRules.InOrder)
        {
            if (rule.KeyOf(address) is not { } key)
            {
                continue;
            }

            if (OwnBy(rule).Contains(key))
            {
                return null;
            }

            if (ContactsBy(rule).TryGetValue(key, out var contact))
            {
                return (contact, rule);
            }
        }

        return null;
    }

    /// <summary>Whether the address belongs to one of our accounts.</summary>
    public bool IsOwn(EmailAddress address) => IsOwn(address, null);

    /// <summary>Whether the address belongs to this account.</summary>
    public bool IsOwn(EmailAddress address, AccountId? account)
    {
        foreach (var rule in MatchRules.InOrder)
        {
            if (rule.KeyOf(address) is not { } key)
            {
                continue;
            }

            if (OwnBy(rule).Contains(key, account))
            {
                return true;
            }

            if (ContactsBy(rule).ContainsKey(key))
            {
                return false;
            }
        }

        return false;
    }

    private Dictionary<string, Guid> ContactsBy(MatchRule rule) => rule == MatchRule.SameGmail ? _gmailContacts : _contacts;

    private OwnAddresses OwnBy(MatchRule rule) => rule == MatchRule.SameGmail ? _gmailOwn : _own;

    private sealed class OwnAddresses
    {
        private readonly HashSet<string> _all = new(StringComparer.Ordinal);
        private readonly HashSet<(string Key, string AccountId)> _byAccount = [];

        public void Add(string key, string accountId)
        {
            _all.Add(key);
            _byAccount.Add((key, accountId));
        }

        public bool Contains(string key, AccountId? account = null) =>
            account is null ? _all.Contains(key) : _byAccount.Contains((key, account.Value));

        public void Clear()
        {
            _all.Clear();
            _byAccount.Clear();
        }
    }
}
