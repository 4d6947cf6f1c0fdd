using CrmMail.Contracts;
using CrmMail.Processor.Classifying;

namespace CrmMail.Processor.Matching;

/// <summary>The direction of a mail and its contacts, once it is known whose the addresses are.</summary>
internal static class ContactMatcher
{
    public static MailMatch Match(AccountId account, Placement placement, Correspondents people, OutboundMail? outbound, AddressBook book)
    {
        var direction = DirectionOf(account, placement, people, book);
        var candidates = direction == Direction.Sent ? people.Recipients : people.Authors;
        var links = new LinkList();
        var asked = new List<AskedAddress>(candidates.Count);
        var blocked = 0;
        foreach (var person in candidates)
        {
            if ((direction == Direction.Sent && IsAuthor(person.Address, people)) || book.IsOwn(person.Address))
            {
                continue;
            }

            var owner = book.ContactOf(person.Address);
            asked.Add(new AskedAddress(person.Address, person.Role, owner?.Contact, person.Name));
            if (book.Blocked.Has(person.Address, account))
            {
                blocked++;
            }
            else if (owner is var (contact, rule))
            {
                links.Add(new ContactLink(contact, outbound?.RoleOf(person.Address) ?? person.Role, rule));
            }
        }

        // Of several authors of a mail that came one is enough; of those whom a sent one reaches the others stay, known or not.
        if (blocked > 0 && (direction == Direction.Incoming || blocked == asked.Count))
        {
            return new MailMatch(direction, [], SkipReason.Blocked, outbound) { Asked = asked };
        }

        var isAllOwn = candidates.Count > 0 && asked.Count == 0;
        var withoutLinks = !isAllOwn ? SkipReason.NoContact : IsSelfMail(account, direction, people, book) ? SkipReason.SelfMail : SkipReason.OwnAccounts;
        return new MailMatch(direction, links.Links, withoutLinks, outbound) { Asked = asked };
    }

    private static Direction DirectionOf(AccountId account, Placement placement, Correspondents people, AddressBook book) => placement switch
    {
        Placement.Sent => Direction.Sent,
        Placement.Inbox => Direction.Incoming,
        Placement.TeamAddress => people.Authors.Count > 0 && book.IsOwn(people.Authors[0].Address) ? Direction.Sent : Direction.Incoming,
        _ => people.Authors.Count > 0 && book.IsOwn(people.Authors[0].Address, account) ? Direction.Sent : Direction.Incoming,
    };

    /// <summary>The account wrote to itself and nobody else, under its one address or under several.</summary>
    private static bool IsSelfMail(AccountId account, Direction direction, Correspondents people, AddressBook book)
    {
        if (direction == Direction.Incoming && !book.IsOwn(people.Authors[0].Address, account))
        {
            return false;
        }

        foreach (var recipient in people.Recipients)
        {
            if (!IsAuthor(recipient.Address, people) && !book.IsOwn(recipient.Address, account))
            {
                return false;
            }
        }

        return people.Recipients.Count > 0;
    }

    private static bool IsAuthor(EmailAddress address, Correspondents people)
    {
        foreach (var author in people.Authors)
        {
            if (author.Role == ParticipantRole.From && author.Address.Mailbox == address.Mailbox)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A contact with two addresses in one header is linked once, by the closer rule.</summary>
    private readonly struct LinkList()
    {
        private readonly Dictionary<(Guid ContactId, ParticipantRole Role), int> _places = [];

        public List<ContactLink> Links { get; } = [];

        public void Add(ContactLink link)
        {
            if (_places.TryAdd(link.Place, Links.Count))
            {
                Links.Add(link);
            }
            else if (link.IsCloserThan(Links[_places[link.Place]]))
            {
                Links[_places[link.Place]] = link;
            }
        }
    }
}
