using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Contacts;

/// <summary>
/// Keeps the names of people who are no contacts, so that the Api can suggest whose address it may be (docs/identity.md). Not where anybody
/// can have an address: there a name says nothing.
/// </summary>
internal sealed class Strangers(PersonalAddresses addresses, Redactor redactor)
{
    /// <summary>Notes whom the mail of the item names and nobody knows.</summary>
    public void AddTo(BatchItem item, Blocklist blocked)
    {
        if (item.Match is not { } match || !item.MayMakeContact)
        {
            return;
        }

        foreach (var asked in match.Asked)
        {
            if (asked is { ContactId: null, Name.Length: > 0 }
                && !IsFreeMail(asked.Address)
                && addresses.Include(asked.Address)
                && !blocked.Has(asked.Address, item.Event.Account)
                && PersonNameKey.Of(PersonName.Of(asked.Name, asked.Address, redactor)) is { } nameKey)
            {
                (match.Strangers ??= []).Add(new Stranger(asked.Address, nameKey));
            }
        }
    }

    private static bool IsFreeMail(EmailAddress address) => FreeMail.Includes(address.Value.AsSpan(address.Value.LastIndexOf('@') + 1));
}
