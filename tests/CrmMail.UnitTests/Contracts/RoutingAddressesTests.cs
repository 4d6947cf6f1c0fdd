using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class RoutingAddressesTests
{
    private const string Old = "an-old-secret-of-a-test";
    private const string New = "a-newer-secret-of-a-test";

    private static readonly Guid Deal = new("0198d5a5-7c00-7000-8000-0242ac120004");

    [Fact]
    public void An_address_names_the_deal_and_fits_into_smtp()
    {
        var address = AddressOf(Deal, New);
        Assert.Matches("^deal-0198d5a57c00700080000242ac120004\\.[0-9a-f]{24}@inbound\\.example$", address);
        Assert.InRange(address.IndexOf('@', StringComparison.Ordinal), 1, 64);
        Assert.Equal(address, AddressOf(Deal, New));
    }

    [Theory]
    [InlineData(New, Old)]
    [InlineData(Old, New)]
    public void Any_active_secret_verifies(params string[] secrets)
    {
        foreach (var signer in new[] { Old, New })
        {
            Assert.Equal(new RoutingAddress(RoutingAddressKind.Deal, Deal), Read(AddressOf(Deal, signer), secrets));
        }
    }

    [Fact]
    public void The_first_secret_signs() => Assert.Equal(AddressOf(Deal, New), AddressOf(Deal, New, Old));

    [Fact]
    public void A_secret_that_is_gone_verifies_nothing() => Assert.Equal(RoutingAddressKind.Forged, Read(AddressOf(Deal, Old), New).Kind);

    [Fact]
    public void A_tag_is_of_one_deal()
    {
        var tag = AddressOf(Guid.CreateVersion7(), New)[(AddressOf(Deal, New).IndexOf('.', StringComparison.Ordinal) + 1)..];
        Assert.Equal(RoutingAddressKind.Forged, Read($"deal-{Deal:n}.{tag}", New).Kind);
    }

    [Theory]
    [InlineData("deal-0198d5a57c00700080000242ac120004.@inbound.example", "forged")]
    [InlineData("deal-0198d5a57c00700080000242ac120004.00@inbound.example", "forged")]
    [InlineData("deal-0198d5a57c00700080000242ac120004.000000000000000000000000@inbound.example", "forged")]
    [InlineData("deal-0198d5a57c00700080000242ac120004.zzzzzzzzzzzzzzzzzzzzzzzz@inbound.example", "forged")]
    [InlineData("deal-0198d5a57c00700080000242ac120004@inbound.example", "untagged")]
    [InlineData("deal-0198d5a5-7c00-7000-8000-0242ac120004@inbound.example", "none")]
    [InlineData("deal-@inbound.example", "none")]
    [InlineData("deal-of-the-day@inbound.example", "none")]
    [InlineData("@inbound.example", "none")]
    [InlineData("customer@elsewhere.example", "none")]
    [InlineData("customer@sub.inbound.example", "none")]
    [InlineData("customer@inbound.example", "company")]
    public void Other_addresses_are_no_deals(string address, string kind) => Assert.Equal(kind, Read(address, New).Kind.ToText());

    [Fact]
    public void The_case_does_not_matter() =>
        Assert.Equal(new RoutingAddress(RoutingAddressKind.Deal, Deal), Read(AddressOf(Deal, New).ToUpperInvariant(), New));

    [Fact]
    public void A_company_is_named_by_its_slug() =>
        Assert.Equal(new RoutingAddress(RoutingAddressKind.Company, Slug: "customer"), Read("Customer@Inbound.example", New));

    [Fact]
    public void Without_a_tag_is_good_only_where_a_setting_says_so() =>
        Assert.Equal(
            new RoutingAddress(RoutingAddressKind.Deal, Deal),
            new RoutingAddresses(Options(allowUntagged: true, New)).Read(EmailAddress.Parse($"deal-{Deal:n}@inbound.example")));

    [Fact]
    public void Without_a_domain_there_are_none()
    {
        var none = new RoutingAddresses(new RoutingOptions());
        Assert.False(none.TryGetAddress(Deal, out _));
        Assert.Equal(default, none.Read(EmailAddress.Parse(AddressOf(Deal, New))));
    }

    [Theory]
    [InlineData(null, "", "")]
    [InlineData("inbound.example", "a-secret-long-enough", "")]
    [InlineData("inbound.example", "", "Routing:Secrets has 0 secrets")]
    [InlineData("inbound.example", "short", "Routing:Secrets:0 has fewer than 16 characters")]
    [InlineData("@inbound.example", "a-secret-long-enough", "Routing:Domain is \"@inbound.example\"")]
    [InlineData("", "a-secret-long-enough", "Routing:Domain is \"\"")]
    public void Wrong_settings_are_named(string? domain, string secret, string fault)
    {
        var options = new RoutingOptions { Domain = domain };
        if (secret.Length > 0)
        {
            options.Secrets.Add(secret);
        }

        var faults = options.Validate(new(options)).Select(result => result.ErrorMessage!).ToList();
        Assert.Equal(fault.Length == 0 ? 0 : 1, faults.Count);
        Assert.All(faults, text => Assert.StartsWith(fault, text, StringComparison.Ordinal));
    }

    private static string AddressOf(Guid deal, params string[] secrets)
    {
        Assert.True(new RoutingAddresses(Options(allowUntagged: false, secrets)).TryGetAddress(deal, out var address));
        return address;
    }

    private static RoutingAddress Read(string address, params string[] secrets) =>
        new RoutingAddresses(Options(allowUntagged: false, secrets)).Read(EmailAddress.Parse(address));

    private static RoutingOptions Options(bool allowUntagged, params string[] secrets)
    {
        var options = new RoutingOptions { Domain = "Inbound.example", AllowUnsigned = allowUntagged };
        foreach (var secret in secrets)
        {
            options.Secrets.Add(secret);
        }

        return options;
    }
}
