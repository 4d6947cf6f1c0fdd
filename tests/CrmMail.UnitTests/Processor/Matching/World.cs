using System.Collections.Concurrent;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Matching;

/// <summary>
/// The contacts and accounts that the tests know. Ann has two addresses, one of them with a tag; Amy's account has two addresses, and her
/// colleague Cleo is connected too.
/// </summary>
internal static class World
{
    private static readonly ConcurrentDictionary<Guid, string> Names = [];

    private static readonly HashSet<string> GmailMailboxes = [];

    private static readonly AddressBook Book = Open();

    /// <summary>Matches the mail of the item as the stage does, with these addresses blocked.</summary>
    public static void Match(BatchItem item, params string[] blocked)
    {
        var book = blocked.Length == 0 ? Book : Open();
        foreach (var address in blocked)
        {
            book.Blocked.Add(address, accountId: null);
        }

        var people = item.Event.Content switch
        {
            _ when item.Filter.Skip is not null => null,
            SeenMail seen when item.FolderSkip is null => Correspondents.Of(seen),
            DeliveredMail { Identity.IsEmpty: false } delivered => Correspondents.Of(delivered),
            _ => null,
        };
        item.Match = people is null ? null : ContactMatcher.Match(item.Event.Account, item.Placement, people, outbound: null, book);
    }

    /// <summary>The links as names and roles, or names and rules, in their order.</summary>
    public static string Text(IEnumerable<ContactLink> links, bool rules = false) =>
        string.Join(", ", links.Select(link => $"{Names[link.ContactId]} {(rules ? link.MatchedBy?.ToText() : link.Role.ToText())}"));

    public static string? NameOf(Guid? contact) => contact is { } id ? Names[id] : null;

    private static AddressBook Open()
    {
        var book = new AddressBook();
        AddContact(book, "ann", "ann@customer.example", "ann+vip@other.example", "ann@xn--bcher-kva.de");
        AddContact(book, "bob", "bob@customer.example");
        AddContact(book, "vip", "ann+vip@customer.example");
        AddContact(book, "list", "list@lists.example");
        book.AddOwn("amy@corp.example", Webhook.Account);
        book.AddOwn("amy.alias@corp.example", Webhook.Account);
        book.AddOwn("cleo@corp.example", "cleo");
        AddContact(book, "shared", "sales+amy@corp.example");
        book.AddOwn("sales@corp.example", "cleo");
        AddContact(book, "gmail", "g.mail@gmail.com");
        AddContact(book, "other", "gmail+other@gmail.com");
        AddContact(book, "exact", "gmail.exact@gmail.com");
        book.AddOwn("o.wn@gmail.com", Webhook.Account);
        book.AddGmailOwn("own@gmail.com", Webhook.Account);
        return book;
    }

    private static void AddContact(AddressBook book, string name, params string[] addresses)
    {
        var id = Guid.NewGuid();
        Names[id] = name;
        foreach (var address in addresses)
        {
            book.AddContact(address, id);
            AddGmail(book, EmailAddress.Parse(address).GmailMailbox, id);
        }
    }

    /// <summary>Of several contacts with one mailbox the database gives the one that was made first.</summary>
    private static void AddGmail(AddressBook book, string? mailbox, Guid contact)
    {
        if (mailbox is not null && GmailMailboxes.Add(mailbox))
        {
            book.AddGmailContact(mailbox, contact);
        }
    }
}
