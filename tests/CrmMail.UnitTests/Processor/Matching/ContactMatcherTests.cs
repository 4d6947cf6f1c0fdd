using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Matching;

public sealed class ContactMatcherTests
{
    private const string List = "\"headers\":{\"list-id\":[\"<list.lists.example>\"]}";

    public static TheoryData<string, string, string> Incoming => new()
    {
        { From("ann@customer.example"), "ann from", "" },
        { From("Ann@Customer.EXAMPLE"), "ann from", "" },
        { From("ann@bücher.de"), "ann from", "" },
        { From("ann@BÜCHER。de"), "ann from", "" },

        // The exact address first, then without its tag.
        { From("ann+vip@customer.example"), "vip from", "" },
        { From("ann+news@customer.example"), "ann from", "" },
        { From("ann@other.example"), "", "NoContact" }, // the tag is part of the address that is known
        { From("+ann@customer.example"), "", "NoContact" },

        // Who the name says is nobody.
        { """  "from":{"name":"ann@customer.example","address":"evil@x.example"}  """, "", "NoContact" },
        { """  "from":{"name":"ann@customer.example"}  """, "", "NoContact" },

        // Nobody, nothing.
        { From("stranger@x.example"), "", "NoContact" },
        { From(""), "", "NoContact" },
        { """  "subject":"no From"  """, "", "NoContact" },
        { """  "sender":{"address":"ann@customer.example"}  """, "ann from", "" },
        { """  "from":{"address":"undisclosed recipients"}  """, "", "NoContact" },
        { """  "from":[{"address":"bob@customer.example"},{"address":"ann@customer.example"}]  """, "bob from, ann from", "" },

        // Reply-To and X-Original-From count only where a list has rewritten From.
        { $"{From("list@x.example")},{ReplyTo("ann@customer.example")}", "", "NoContact" },
        { $"{From("x@x.example")},\"headers\":{{\"x-original-from\":[\"Ann <ann@customer.example>\"]}}", "", "NoContact" },
        { $"{From("list@x.example")},{ReplyTo("ann@customer.example")},{List}", "ann reply_to", "" },
        { $"{From("ann@customer.example")},{ReplyTo("ann@customer.example")},{List}", "ann from, ann reply_to", "" },
        { $"{From("list@x.example")},\"headers\":{{\"list-post\":[\"<mailto:x>\"],\"X-Original-From\":[\"\\\"Doe, Ann\\\" <ann@customer.example>\"]}}", "ann from", "" },
        { $"{From("list@x.example")},\"headers\":{{\"list-unsubscribe\":[\"<x>\"],\"x-original-from\":[\"ann@customer.example\"]}}", "ann from", "" },

        // Our own accounts are never contacts, not even as one with another tag.
        { From("cleo@corp.example"), "", "OwnAccounts" },
        { From("cleo+x@corp.example"), "", "OwnAccounts" },
        { From("sales+amy@corp.example"), "shared from", "" }, // the exact address is a contact's
        { $"{From("amy@corp.example")},{To("amy@corp.example")}", "", "SelfMail" },
        { $"{From("amy+a@corp.example")},{To("amy+b@corp.example")}", "", "SelfMail" },
        { $"{From("amy@corp.example")},{To("amy@corp.example", "cleo@corp.example")}", "", "OwnAccounts" },
    };

    [Theory]
    [MemberData(nameof(Incoming))]
    public void An_incoming_mail_belongs_to_who_wrote_it(string members, string links, string without) =>
        AssertMatch("Inbox", members, Direction.Incoming, links, without);

    public static TheoryData<string, string, string> Sent => new()
    {
        { To("ann@customer.example"), "ann to", "" },
        { $"{From("amy@corp.example")},{To("ann@customer.example")},{Cc("bob@customer.example")},{Bcc("ann+vip@customer.example")}", "ann to, bob cc, vip bcc", "" },
        { $"{From("amy@corp.example")},{To("ann@customer.example", "ann+vip@other.example")}", "ann to", "" }, // one contact, one link
        { $"{From("amy@corp.example")},{To("ann@customer.example")},{Cc("ann@customer.example")}", "ann to, ann cc", "" },
        { $"{From("amy@corp.example")},{To("cleo@corp.example", "ann@customer.example")}", "ann to", "" },
        { $"{From("unknown.alias@corp.example")},{To("ann@customer.example")}", "ann to", "" }, // the folder knows the direction
        { $"{From("ann@customer.example")},{To("ann@customer.example")}", "", "SelfMail" },
        { $"{From("amy@corp.example")},{To("amy.alias@corp.example")}", "", "SelfMail" },
        { $"{From("amy@corp.example")},{To("cleo@corp.example")}", "", "OwnAccounts" },
        { $"{From("amy@corp.example")},{To("stranger@x.example")}", "", "NoContact" },
        { $"{From("amy@corp.example")},\"to\":{{\"name\":\"undisclosed-recipients\",\"group\":[]}}", "", "NoContact" },
        { $"{From("amy@corp.example")},\"to\":{{\"name\":\"Team\",\"group\":[{{\"address\":\"ann@customer.example\"}},{{\"address\":\"bob@customer.example\"}}]}}", "ann to, bob to", "" },
        { From("amy@corp.example"), "", "NoContact" },
    };

    [Theory]
    [MemberData(nameof(Sent))]
    public void A_sent_mail_belongs_to_all_its_recipients(string members, string links, string without) =>
        AssertMatch("Sent", members, Direction.Sent, links, without);

    [Theory]
    [InlineData("amy@corp.example", "ann@customer.example", nameof(Direction.Sent), "ann to")]
    [InlineData("amy+tag@corp.example", "ann@customer.example", nameof(Direction.Sent), "ann to")]
    [InlineData("ann@customer.example", "amy@corp.example", nameof(Direction.Incoming), "ann from")]
    [InlineData("cleo@corp.example", "ann@customer.example", nameof(Direction.Incoming), "")] // a colleague's mail in Amy's mailbox came to her
    public void Where_the_folder_holds_both_the_author_tells_the_direction(string from, string to, string direction, string links)
    {
        var match = Match("Archive", $"{From(from)},{To(to)}");

        Assert.Equal(direction, match.Direction.ToString());
        Assert.Equal(links, World.Text(match.Links));
    }

    // The contacts: ann@customer.example, ann+vip@customer.example, g.mail@gmail.com, gmail+other@gmail.com, gmail.exact@gmail.com. Our own: o.wn@gmail.com.
    [Theory]
    [InlineData("ann@customer.example", "ann exact")]
    [InlineData("ann+vip@customer.example", "vip exact")]
    [InlineData("ann+news@customer.example", "ann plus-tag")]
    [InlineData("a.nn@customer.example", "")] // dots count but at Gmail
    [InlineData("G.Mail@Gmail.com", "gmail exact")]
    [InlineData("g.mail+news@gmail.com", "gmail plus-tag")]
    [InlineData("gm.ail@gmail.com", "gmail same-gmail")]
    [InlineData("g.mail@googlemail.com", "gmail same-gmail")]
    [InlineData("gmail+other@gmail.com", "other exact")] // also a mailbox that two contacts share
    [InlineData("gmail+else@gmail.com", "gmail same-gmail")]
    [InlineData("gmail.exact@gmail.com", "exact exact")]
    [InlineData("gmailexact+x@gmail.com", "exact same-gmail")]
    [InlineData("own@gmail.com", "")]
    [InlineData("ow.n+x@googlemail.com", "")]
    [InlineData("nobody@gmail.com", "")]
    [InlineData(".+x@gmail.com", "")]
    public void The_closest_rule_that_knows_an_address_decides(string address, string expected)
    {
        Assert.Equal(expected, World.Text(Match("Inbox", From(address)).Links, rules: true));
        Assert.Equal(expected, World.Text(Match("Sent", $"{From("amy@corp.example")},{To(address)}").Links, rules: true));
    }

    // By what an incoming and a sent mail are looked up: addresses of ours, and the author of a sent mail, are not among it.
    [Theory]
    [InlineData("Inbox", "ann@customer.example", "to@x.example", "from ann@customer.example ann")]
    [InlineData("Inbox", "stranger@x.example", "to@x.example", "from stranger@x.example")]
    [InlineData("Inbox", "cleo@corp.example", "to@x.example", "")]
    [InlineData("Sent", "amy@corp.example", "Bob@customer.example", "to bob@customer.example bob")]
    [InlineData("Sent", "amy@corp.example", "stranger+x@x.example", "to stranger+x@x.example")]
    [InlineData("Sent", "amy@corp.example", "cleo@corp.example", "")]
    [InlineData("Sent", "me@x.example", "me+notes@x.example", "")]
    public void What_a_mail_was_looked_up_by_is_known(string folder, string from, string to, string expected)
    {
        var match = Match(folder, $"{From(from)},{To(to)}");

        Assert.Equal(expected, string.Join(", ", match.Asked.Select(asked => $"{asked.Role.ToText()} {asked.Address.Value} {World.NameOf(asked.ContactId)}".TrimEnd())));
    }

    [Fact]
    public void A_contact_with_two_addresses_in_a_header_is_linked_once_by_the_closer_rule() =>
        Assert.Equal("ann exact", World.Text(Match("Sent", $"{From("amy@corp.example")},{To("ann+x@customer.example", "ann@customer.example")}").Links, rules: true));

    [Fact]
    public void Mail_to_ones_own_mailbox_at_Gmail_is_to_oneself_however_it_is_spelled() =>
        Assert.Equal(SkipReason.SelfMail, Match("Sent", $"{From("o.wn@gmail.com")},{To("own+notes@googlemail.com")}").WithoutLinks);

    [Fact]
    public void Of_a_sent_mail_the_envelope_names_everybody_as_To_and_what_was_asked_for_the_role()
    {
        var item = Webhook.Item(Webhook.Of("messageSent", """
            "messageId":"<1@x>","envelope":{"from":"amy@corp.example","to":["ann@customer.example","bob@customer.example"]}
            """));
        var people = Correspondents.Of((DeliveredMail)item.Event.Content);
        var asked = Participants.FromJson("""{"to":[{"address":"ann@customer.example"}],"bcc":[{"address":"Bob@customer.example"}]}""");
        var book = new AddressBook();
        var (ann, bob) = (Guid.NewGuid(), Guid.NewGuid());
        book.AddContact("ann@customer.example", ann);
        book.AddContact("bob@customer.example", bob);

        var alone = ContactMatcher.Match(item.Event.Account, Placement.Sent, people, null, book);
        var known = ContactMatcher.Match(item.Event.Account, Placement.Sent, people, new OutboundMail("", "", asked, null), book);

        Assert.Equal([new(ann, ParticipantRole.To, MatchRule.Exact), new(bob, ParticipantRole.To, MatchRule.Exact)], alone.Links);
        Assert.Equal([new(ann, ParticipantRole.To, MatchRule.Exact), new(bob, ParticipantRole.Bcc, MatchRule.Exact)], known.Links);
    }

    [Fact]
    public void Ten_thousand_recipients_are_looked_up_once_each()
    {
        var recipients = Enumerable.Range(0, 10_000).Select(n => $"r{n}+x@customer.example").ToArray();
        var item = Webhook.Item(Webhook.New("Sent", $"\"messageId\":\"<1@x>\",{From("amy@corp.example")},{To(recipients)},{Cc(recipients)}"));
        var asked = new AskedAddresses();

        Correspondents.Of((SeenMail)item.Event.Content).AddAddresses(item.Placement, asked);

        Assert.Equal((20_001, 0), (asked.Addresses.Count, asked.GmailMailboxes.Count));
    }

    [Fact]
    public void The_recipients_of_an_incoming_mail_are_not_looked_up()
    {
        var item = Webhook.Item(Webhook.New("Inbox", $"\"messageId\":\"<1@x>\",{From("ann@customer.example")},{To("amy@corp.example", "x@x.example")}"));
        var asked = new AskedAddresses();

        Correspondents.Of((SeenMail)item.Event.Content).AddAddresses(item.Placement, asked);

        Assert.Equal(["ann@customer.example"], asked.Addresses);
    }

    private static void AssertMatch(string folder, string members, Direction direction, string links, string without)
    {
        var match = Match(folder, members);

        Assert.Equal(direction, match.Direction);
        Assert.Equal(links, World.Text(match.Links));
        if (links.Length == 0)
        {
            Assert.Equal(without, match.WithoutLinks.ToString());
        }
    }

    private static MailMatch Match(string folder, string members)
    {
        var item = Webhook.Item(Webhook.New(folder, $"\"messageId\":\"<1@x>\",{members}"));
        World.Match(item);
        return item.Match!;
    }

    private static string From(string address) => $"\"from\":{{\"name\":\"\",\"address\":\"{address}\"}}";

    private static string ReplyTo(string address) => $"\"replyTo\":[{{\"name\":\"\",\"address\":\"{address}\"}}]";

    private static string To(params string[] addresses) => Named("to", addresses);

    private static string Cc(params string[] addresses) => Named("cc", addresses);

    private static string Bcc(params string[] addresses) => Named("bcc", addresses);

    private static string Named(string header, string[] addresses) =>
        $"\"{header}\":[{string.Join(',', addresses.Select(address => $"{{\"name\":\"\",\"address\":\"{address}\"}}"))}]";
}
