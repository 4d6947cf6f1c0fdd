using CrmMail.Api.Companies;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api.Companies;

public class CompanyDraftTests
{
    [Fact]
    public void Free_mail_is_a_kept_list()
    {
        Assert.InRange(FreeMail.Count, 10_000, 100_000);
        Assert.All(["gmail.com", "googlemail.com", "outlook.com", "yahoo.com", "gmx.de", "icloud.com", "proton.me", "qq.com"], domain => Assert.True(FreeMail.Includes(domain), domain));
        Assert.All(["customer.example", "ibm.com", ""], domain => Assert.False(FreeMail.Includes(domain), domain));
    }

    [Theory]
    [InlineData("Customer.Example", "customer.example")]
    [InlineData(" customer.example ", "customer.example")]
    [InlineData("müller.example", "xn--mller-kva.example")]
    [InlineData("a.b.c.customer.example", "a.b.c.customer.example")]
    public void Domains_are_kept_as_those_of_addresses(string given, string kept) =>
        Assert.Equal(kept, Read(new CompanyRequest("C", [given]), out _)!.Domains!.Single().Value);

    [Theory]
    [InlineData("customer")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("customer..example")]
    [InlineData("-customer.example")]
    [InlineData("ann@customer.example")]
    [InlineData("customer.example.")]
    [InlineData("GMAIL.com")]
    public void What_cannot_be_the_domain_of_a_company_is_refused(string? domain)
    {
        Assert.Null(Read(new CompanyRequest("C", ["first.example", domain]), out var faults));
        Assert.Equal(["domains[1]"], faults.ToErrors().Keys);
    }

    [Theory]
    [InlineData("customer", true)]
    [InlineData("Customer-2", true)]
    [InlineData("", true)]
    [InlineData("-customer", false)]
    [InlineData("customer-", false)]
    [InlineData("deal-customer", false)]
    [InlineData("a b", false)]
    [InlineData("müller", false)]
    public void A_slug_is_the_local_part_of_an_address(string slug, bool isGood) => Assert.Equal(isGood, Read(new CompanyRequest("C", Slug: slug), out _) is not null);

    private static CompanyDraft? Read(CompanyRequest request, out FieldFaults faults)
    {
        faults = new FieldFaults();
        CompanyDraft.TryRead(request, faults, out var draft);
        return draft;
    }
}
