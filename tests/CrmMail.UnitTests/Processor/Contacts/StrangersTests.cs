using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Matching;
using CrmMail.UnitTests.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Contacts;

/// <summary>Whose name is kept with an address of nobody.</summary>
public sealed class StrangersTests
{
    private static readonly FilterPolicy Filters = new(new FilterOptions { OwnDomains = { "corp.example" }, Actions = { ["bulk"] = "keep" } });
    private static readonly RoutingAddresses Routing = new(new RoutingOptions { Domain = "inbound.example", Secrets = { "a-secret-of-a-test" } });
    private static readonly Strangers Strangers = new(new PersonalAddresses(Filters, Routing), new Redactor(new RedactionOptions()));

    [Theory]
    [InlineData("Zoe Doe", "zoe@prospect.example", "doe zoe")]
    [InlineData("  'Doe, Zoe' ", "Zoe+x@prospect.example", "doe zoe")]
    [InlineData("Zoe 4111 1111 1111 1111", "zoe@prospect.example", "redacted zoe")]
    [InlineData("", "zoe@prospect.example", null)]
    [InlineData("...", "zoe@prospect.example", null)]
    [InlineData("ZOE@prospect.example", "zoe@prospect.example", null)]
    [InlineData("Zoe Doe", "zoe@gmail.com", null)] // Anybody can have an address there.
    [InlineData("Zoe Doe", "zoe@GMX.de", null)]
    [InlineData("Ann", "ann@customer.example", null)] // A contact.
    [InlineData("Cleo", "cleo@corp.example", null)] // One of us.
    [InlineData("Colleague", "colleague@corp.example", null)] // At an own domain.
    [InlineData("Zoe Doe", "noreply@prospect.example", null)]
    [InlineData("Customer", "customer@inbound.example", null)]
    [InlineData("Zoe Doe", "zoe", null)]
    public void A_name_is_kept_of_an_address_that_may_be_a_persons_and_is_nobodys(string name, string address, string? expected) =>
        Assert.Equal(expected, StrangerIn(Mail(name, address)));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_name_that_is_longer_than_that_of_a_person_is_not_kept(int length, bool isKept) =>
        Assert.Equal(isKept ? new string('z', length) : null, StrangerIn(Mail(new string('z', length), "zoe@prospect.example")));

    [Theory]
    [InlineData(""","headers":{"list-unsubscribe":["<x>"]} """)]
    [InlineData(""","headers":{"auto-submitted":["auto-replied"]} """)]
    [InlineData(""","headers":{"x-spam-flag":["YES"]} """)]
    [InlineData(""","isBounce":true """)]
    public void A_mail_that_makes_no_contact_tells_no_name(string members) =>
        Assert.Null(StrangerIn(Mail("Zoe Doe", "zoe@prospect.example", members)));

    [Fact]
    public void Of_a_blocked_address_nothing_is_kept() =>
        Assert.Null(StrangerIn(Mail("Zoe Doe", "zoe@prospect.example"), "zoe@prospect.example"));

    private static string? StrangerIn(BatchItem item, params string[] blocked)
    {
        World.Match(item, blocked);
        var blocklist = new Blocklist();
        foreach (var address in blocked)
        {
            blocklist.Add(address, accountId: null);
        }

        Strangers.AddTo(item, blocklist);
        return item.Match?.Strangers?.Single().NameKey;
    }

    private static BatchItem Mail(string name, string address, string members = "") => Webhook.Item(
        Webhook.New("Sent", $$""" "messageId":"<1@x>","from":{"address":"amy@corp.example"},"to":[{"name":"{{name}}","address":"{{address}}"},{"name":"Bob","address":"bob@gmail.com"}]{{members}} """),
        filters: Filters);
}
