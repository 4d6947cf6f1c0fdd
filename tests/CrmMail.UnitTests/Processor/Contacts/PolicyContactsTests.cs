using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Matching;
using CrmMail.UnitTests.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Contacts;

/// <summary>Of whom the policy makes a contact: policy, class of mail, direction.</summary>
public sealed class PolicyContactsTests
{
    private const string Person = "";
    private const string Newsletter = ""","headers":{"list-unsubscribe":["<x>"]} """;
    private const string List = ""","headers":{"list-id":["<x.googlegroups.com>"],"list-post":["<mailto:x@googlegroups.com>"]} """;
    private const string AutoReply = ""","headers":{"auto-submitted":["auto-replied"]} """;
    private const string Bounce = ""","isBounce":true """;
    private const string Spam = ""","headers":{"x-spam-flag":["YES"]} """;
    private const string Forged = ""","headers":{"authentication-results":["mx.example; spf=fail; dkim=none"]} """;
    private const string Invitation = ""","attachments":[{"method":"REQUEST"}] """;

    private static readonly FilterPolicy Filters = new(new FilterOptions { OwnDomains = { "corp.example" }, Actions = { ["bulk"] = "keep", ["calendar"] = "keep" } });
    private static readonly RoutingAddresses Routing = new(new RoutingOptions { Domain = "inbound.example", Secrets = { "a-secret-of-a-test" } });
    private static readonly AddressHashes Hashes = new(new ErasureOptions { Keys = { "a-key-of-a-test-for-erasures" } });
    private static readonly PolicyContacts Policies = new(new PersonalAddresses(Filters, Routing), Hashes, new Redactor(new RedactionOptions()));

    [Theory]
    [InlineData(Person, "", "to", "from to")]
    [InlineData(Invitation, "", "to", "from to")] // An invitation is from a person.
    [InlineData(Newsletter, "", "", "")]
    [InlineData(List, "", "", "")]
    [InlineData(AutoReply, "", "", "")]
    [InlineData(Bounce, "", "", "")]
    [InlineData(Spam, "", "", "")]
    [InlineData(Forged, "", "", "")]
    public void The_policy_decides_by_class_and_direction(string members, string none, string sent, string sentAndReceived)
    {
        foreach (var (policy, expected) in new[] { (ContactPolicy.None, none), (ContactPolicy.Sent, sent), (ContactPolicy.SentAndReceived, sentAndReceived) })
        {
            var came = Match(Mail("Inbox", "zoe@prospect.example", "amy@corp.example", members), policy);
            var went = Match(Mail("Sent", "amy@corp.example", "zoe@prospect.example", members), policy);
            Assert.Equal(expected, string.Join(' ', came.Links.Concat(went.Links).Select(link => link.Role.ToText())));
            Assert.Equal(expected.Contains("from", StringComparison.Ordinal) ? ContactOrigin.PolicyReceived : null, came.PolicyContacts?.Single().Origin);
            Assert.Equal(expected.Contains("to", StringComparison.Ordinal) ? ContactOrigin.PolicySent : null, went.PolicyContacts?.Single().Origin);
        }
    }

    [Theory]
    [InlineData("Junk")]
    [InlineData("Trash")]
    [InlineData("Drafts")]
    public void A_mail_that_makes_no_activity_for_its_folder_makes_no_contact(string folder)
    {
        var item = Mail(folder, "zoe@prospect.example", "amy@corp.example", Person);
        World.Match(item);
        Policies.AddTo(item, ContactPolicy.SentAndReceived, new Blocklist());
        Assert.Null(item.Match);
    }

    [Theory]
    [InlineData("zoe@prospect.example", "zoe@prospect.example exact")]
    [InlineData("Zoe+Shop@Prospect.example", "zoe@prospect.example plus-tag")]
    [InlineData("Z.Oe+shop@GoogleMail.com", "zoe@gmail.com same-gmail")]
    [InlineData("zoe+shop@gmail.com", "zoe@gmail.com plus-tag")]
    [InlineData("zoe@b\u00fccher.example", "zoe@xn--bcher-kva.example exact")]
    [InlineData("ann@customer.example", "")] // A contact already.
    [InlineData("cleo@corp.example", "")] // An account of ours.
    [InlineData("colleague@corp.example", "")] // At an own domain.
    [InlineData("colleague@eu.corp.example", "colleague@eu.corp.example exact")] // Own domains are listed as they stand.
    [InlineData("noreply@prospect.example", "")]
    [InlineData("orders-no-reply@prospect.example", "")]
    [InlineData("mailer-daemon@prospect.example", "")]
    [InlineData("deal-0198d5a57c0070008000000000000001.0123456789abcdef01234567@inbound.example", "")]
    [InlineData("customer@inbound.example", "")]
    [InlineData("undisclosed recipients:;", "")]
    [InlineData("zoe", "")]
    [InlineData("zoe@", "")]
    public void The_contact_has_the_mailbox_of_a_person(string address, string expected)
    {
        var match = Match(Mail("Sent", "amy@corp.example", $"{address},ann@customer.example", Person), ContactPolicy.Sent);
        Assert.Equal(expected, string.Join(' ', (match.PolicyContacts ?? []).Select(contact => $"{contact.Address} {contact.NewLink!.Value.MatchedBy?.ToText()}")));
    }

    [Fact]
    public void Blocked_recipients_are_left_out_and_a_mail_from_a_blocked_author_makes_nobody()
    {
        var sent = Match(Mail("Sent", "amy@corp.example", "zoe@prospect.example,zed@prospect.example", Person), ContactPolicy.Sent, "zed@prospect.example");
        Assert.Equal(["zoe@prospect.example"], sent.PolicyContacts!.Select(contact => contact.Address.Value));
        Assert.Null(Match(Mail("Inbox", "zed@prospect.example", "amy@corp.example", Person), ContactPolicy.SentAndReceived, "zed@prospect.example").PolicyContacts);
    }

    [Fact]
    public void What_messageSent_tells_makes_contacts_as_the_copy_in_the_Sent_folder_does()
    {
        var sent = Webhook.Item(Webhook.Of("messageSent", """ "messageId":"<1@x>","envelope":{"from":"amy@corp.example","to":["zoe@prospect.example"]} """), filters: Filters);
        Assert.Equal(
            Match(Mail("Sent", "amy@corp.example", "zoe@prospect.example", Person), ContactPolicy.Sent).PolicyContacts!.Single(),
            Match(sent, ContactPolicy.Sent).PolicyContacts!.Single());
    }

    [Fact]
    public void Whoever_makes_the_contact_makes_the_same_and_nobody_can_try_out_whose_id_it_is()
    {
        var id = Match(Mail("Sent", "amy@corp.example", "zoe@prospect.example", Person), ContactPolicy.Sent).PolicyContacts!.Single().Id;
        Assert.Equal(id, Match(Mail("Inbox", "ZOE+x@prospect.example", "amy@corp.example", Person), ContactPolicy.SentAndReceived).PolicyContacts!.Single().Id);
        Assert.NotEqual(id, Match(Mail("Sent", "amy@corp.example", "zed@prospect.example", Person), ContactPolicy.Sent).PolicyContacts!.Single().Id);
        Assert.Equal('8', id.ToString()[14]);
        Assert.NotEqual(id, new AddressHashes(new ErasureOptions { Keys = { "another-key-of-a-test" } }).ContactIdsOf(EmailAddress.Parse("zoe@prospect.example"))[0]);
    }

    [Fact]
    public void An_address_that_is_refused_leads_to_nobody()
    {
        var match = Match(Mail("Sent", "amy@corp.example", "zoe@prospect.example,zed@prospect.example", Person), ContactPolicy.Sent);
        match.Refuse([EmailAddress.Parse("zed@prospect.example")]);

        var zoe = Hashes.ContactIdsOf(EmailAddress.Parse("zoe@prospect.example"))[0];
        Assert.Equal([zoe], match.PolicyContacts!.Select(contact => contact.Id));
        Assert.Equal([zoe], match.Links.Select(link => link.ContactId));
        Assert.Equal([zoe, null], match.Asked.Select(asked => asked.ContactId));
    }

    [Theory]
    [InlineData("Zoe Doe", "Zoe Doe")]
    [InlineData("  'Doe, Zoe'  ", "Doe, Zoe")]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("Zoe\tDoe", "Zoe Doe")]
    [InlineData("", "")]
    [InlineData("ZOE@prospect.example", "")]
    [InlineData("Zoe 4111 1111 1111 1111", "Zoe [redacted]")]
    public void The_name_is_that_of_the_header_as_it_may_be_stored(string text, string name) =>
        Assert.Equal(name, PersonName.Of(text, EmailAddress.Parse("zoe@prospect.example"), new Redactor(new RedactionOptions())));

    [Theory]
    [InlineData("Zoe 12:00", "Zoe D. 13:00", true)]
    [InlineData("Zoe 13:00", "Zoe D. 12:00", false)]
    [InlineData("Zoe 13:00", " 12:00", true)] // Who tells a name goes before.
    [InlineData(" 12:00", " 13:00", true)]
    public void The_earliest_mail_that_tells_a_name_gives_it(string one, string other, bool isFirst)
    {
        Assert.Equal(isFirst, Named(one).ComesBefore(Named(other)));
        Assert.Equal(!isFirst, Named(other).ComesBefore(Named(one)));
        Assert.False(Named(one).ComesBefore(Named(one)));
    }

    private static NamedContact Named(string text)
    {
        var (name, time) = (text[..text.LastIndexOf(' ')], text[(text.LastIndexOf(' ') + 1)..]);
        var item = Webhook.Item(Webhook.New("Sent", $$""" "messageId":"<1@x>","date":"2026-06-01T{{time}}:00.000Z","from":{"address":"amy@corp.example"},"to":[{"name":"{{name}}","address":"zoe@prospect.example"}] """), "one", Filters);
        return new NamedContact(Match(item, ContactPolicy.Sent).PolicyContacts!.Single(), item);
    }

    private static BatchItem Mail(string folder, string from, string to, string members)
    {
        return Webhook.Item(
            Webhook.New(folder, $$""" "messageId":"<1@x>","from":{"address":"{{from}}"},"to":[{{string.Join(',', to.Split(',').Select(address => $$"""{"address":"{{address}}"}"""))}}]{{members}} """),
            filters: Filters);
    }

    private static MailMatch Match(BatchItem item, ContactPolicy policy, params string[] blocked)
    {
        World.Match(item, blocked);
        var blocklist = new Blocklist();
        foreach (var address in blocked)
        {
            blocklist.Add(address, accountId: null);
        }

        Policies.AddTo(item, policy, blocklist);
        return item.Match!;
    }
}
