using CrmMail.Contracts;
using CrmMail.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Matching;

public sealed class BlocklistTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    [Theory]
    [InlineData("ann@shop.example", "ann@shop.example", true)]
    [InlineData("ann@shop.example", "Ann+news@Shop.example", true)]
    [InlineData("ann+news@shop.example", "ann@shop.example", false)]
    [InlineData("ann@shop.example", "ben@shop.example", false)]
    [InlineData("shop.example", "ann@shop.example", true)]
    [InlineData("shop.example", "ann@mail.eu.shop.example", true)]
    [InlineData("shop.example", "ann@myshop.example", false)]
    [InlineData("mail.shop.example", "ann@shop.example", false)]
    [InlineData("xn--bcher-kva.example", "ann@b\u00fccher.example", true)]
    [InlineData("ann@shop.example for ben", "ann@shop.example", false)]
    [InlineData("ann@shop.example for amy", "ann@shop.example", true)]
    [InlineData("shop.example for amy", "ann@mail.shop.example", true)]
    [InlineData("shop.example", "no address", false)]
    public void An_address_is_blocked_exactly_without_its_tag_or_by_a_domain(string entry, string address, bool isBlocked)
    {
        var words = entry.Split(" for ");
        var blocklist = new Blocklist();
        blocklist.Add(words[0], words.Length > 1 ? words[1] : null);

        Assert.Equal(isBlocked, blocklist.Has(EmailAddress.Parse(address), Amy));
        blocklist.Clear();
        Assert.False(blocklist.Has(EmailAddress.Parse(address), Amy));
    }

    [Fact]
    public void The_domains_that_are_looked_up_are_those_by_which_an_address_can_be_blocked()
    {
        var domains = new HashSet<string>(StringComparer.Ordinal);
        foreach (var address in new[] { "ann@mail.eu.shop.example", "ben@shop.example", "no address", "c@localhost" })
        {
            Blocklist.AddDomains(address, domains.GetAlternateLookup<ReadOnlySpan<char>>());
        }

        Assert.Equal(["eu.shop.example", "mail.eu.shop.example", "shop.example"], domains.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Inbox", "ann@customer.example", "", "Incoming : blocked")]
    [InlineData("Inbox", "stranger@customer.example", "", "Incoming : blocked")]
    [InlineData("Inbox", "bob@customer.example", "ann@customer.example", "Incoming bob from: no-contact")] // Whom a mail came to is not asked.
    [InlineData("Sent", "amy@corp.example", "ann@customer.example", "Sent : blocked")]
    [InlineData("Sent", "amy@corp.example", "ann@customer.example bob@customer.example", "Sent bob to: no-contact")]
    [InlineData("Sent", "amy@corp.example", "bob@customer.example", "Sent bob to: no-contact")]
    public void Nobody_who_is_blocked_is_linked(string folder, string from, string to, string expected)
    {
        var item = Webhook.Item(Webhook.New(folder, $$"""
            "messageId":"<1@x>","from":{"address":"{{from}}"},"to":[{{string.Join(',', to.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => $$"""{"address":"{{address}}"}"""))}}]
            """));

        World.Match(item, blocked: ["ann@customer.example", "stranger@customer.example"]);

        Assert.Equal(expected, $"{item.Match!.Direction} {World.Text(item.Match.Links)}: {item.Match.WithoutLinks.ToText()}");
        Assert.Equal(!expected.EndsWith("blocked", StringComparison.Ordinal), item.MayMakeContact);
    }
}
