using CrmMail.Processor.Batches;

namespace CrmMail.Processor.Contacts;

/// <summary>The contacts that the policy makes by the events of a batch, each once: by the event that names it first.</summary>
internal sealed class PolicyContactBook
{
    private readonly Dictionary<Guid, NamedContact> _contacts = [];

    /// <summary>Rows to be written.</summary>
    public IReadOnlyCollection<NamedContact> Contacts => _contacts.Values;

    /// <summary>Takes over whom the event makes a contact.</summary>
    public void Add(BatchItem item)
    {
        if (item.Match?.PolicyContacts is not { } contacts)
        {
            return;
        }

        foreach (var contact in contacts)
        {
            var told = new NamedContact(contact, item);
            if (!_contacts.TryGetValue(contact.Id, out var known) || told.ComesBefore(known))
            {
                _contacts[contact.Id] = told;
            }
        }
    }
}

/// <summary>A contact, and the event that names it.</summary>
internal readonly record struct NamedContact(PolicyContact Contact, BatchItem Item)
{
    /// <summary>
    /// Whether its event gives the contact its name and not that of the other: one that tells a name goes before one that does not, then
    /// the earlier mail. <c>make_policy_contacts.sql</c> says the same, so the order in which events come does not matter.
    /// </summary>
    public bool ComesBefore(NamedContact other)
    {
        var byName = (Contact.Name.Length == 0).CompareTo(other.Contact.Name.Length == 0);
        var byTime = byName != 0 ? byName : Item.OccurredAt.CompareTo(other.Item.OccurredAt);
        var byAccount = byTime != 0 ? byTime : string.CompareOrdinal(Item.Event.Account.Value, other.Item.Event.Account.Value);
        return (byAccount != 0 ? byAccount : string.CompareOrdinal(Item.Record.Headers.EventId.Value, other.Item.Record.Headers.EventId.Value)) < 0;
    }
}
