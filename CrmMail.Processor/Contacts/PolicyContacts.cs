using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Contacts;

/// <summary>
/// Makes contacts of people whom mails name and nobody has entered, as far as the policy goes. Here it is only said who; they are written
/// with everything else that the mail makes.
/// </summary>
internal sealed class PolicyContacts(PersonalAddresses addresses, AddressHashes hashes, Redactor redactor)
{
    /// <summary>Links the mail of the item to the contacts that it makes.</summary>
    public void AddTo(BatchItem item, ContactPolicy policy, Blocklist blocked)
    {
        if (item.Match is not { } match || OriginOf(match.Direction, policy) is not { } origin || !item.MayMakeContact)
        {
            return;
        }

        for (var at = 0; at < match.Asked.Count; at++)
        {
            var asked = match.Asked[at];
            if (!blocked.Has(asked.Address, item.Event.Account) && addresses.Include(asked.Address))
            {
                Add(match, at, asked, origin);
            }
        }
    }

    private void Add(MailMatch match, int at, AskedAddress asked, ContactOrigin origin)
    {
        var ids = hashes.ContactIdsOf(asked.Address);
        if (asked.ContactId is { } known && !ids.Contains(known))
        {
            return;
        }

        var id = asked.ContactId ?? ids[0];
        var address = EmailAddress.Parse(asked.Address.Mailbox);
        ContactLink? link = null;
        if (asked.ContactId is null)
        {
            link = new ContactLink(id, match.Outbound?.RoleOf(asked.Address) ?? asked.Role, RuleOf(asked.Address, address));
            match.Links.Add(link.Value);
            match.Asked[at] = asked with { ContactId = id };
        }

        (match.PolicyContacts ??= []).Add(new PolicyContact(id, address, asked.Address, PersonName.Of(asked.Name, asked.Address, redactor), origin, link));
    }

    private static ContactOrigin? OriginOf(Direction direction, ContactPolicy policy) => (direction, policy) switch
    {
        (Direction.Sent, ContactPolicy.Sent or ContactPolicy.SentAndReceived) => ContactOrigin.PolicySent,
        (Direction.Incoming, ContactPolicy.SentAndReceived) => ContactOrigin.PolicyReceived,
        _ => null,
    };

    /// <summary>The rule by which the address leads to the contact.</summary>
    private static MatchRule RuleOf(EmailAddress address, EmailAddress contact)
    {
        foreach (var rule in MatchRules.InOrder)
        {
            if (rule.KeyOf(address) == contact.Value)
            {
                return rule;
            }
        }

        throw new InvalidOperationException("A mailbox has an address that no rule leads to.");
    }
}
