using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts.Privacy;

public sealed class AddressHashesTests
{
    private const string Old = "an-old-key-of-a-test";
    private const string New = "a-newer-key-of-a-test";

    [Theory]
    [InlineData("ann@customer.example", "ann@customer.example", true)]
    [InlineData("ann@customer.example", "ANN@Customer.Example", true)]
    [InlineData("ann@customer.example", "ann+shop@customer.example", true)]
    [InlineData("ann@customer.example", "anna@customer.example", false)]
    [InlineData("ann@customer.example", "a.nn@customer.example", false)]
    [InlineData("ann@customer.example", "ann@customer.example.org", false)]
    [InlineData("a.nn+shop@gmail.com", "ann@googlemail.com", true)]
    [InlineData("ann@gmail.com", "a.n.n+x@googlemail.com", true)]
    [InlineData("ann@gmail.com", "anna@gmail.com", false)]
    public void An_address_is_known_again_in_every_form_in_which_mails_name_it(string contact, string address, bool isKnown)
    {
        foreach (var eraser in new[] { Hashes(Old), Hashes(New) })
        {
            var erased = eraser.Of(EmailAddress.Parse(contact)).Select(Convert.ToHexString);

            Assert.Equal(isKnown, Hashes(New, Old).AllOf(EmailAddress.Parse(address)).Select(Convert.ToHexString).Intersect(erased).Any());
        }
    }

    [Fact]
    public void A_key_that_is_gone_knows_nobody() =>
        Assert.Empty(Hashes(New).AllOf(EmailAddress.Parse("ann@customer.example")).Select(Convert.ToHexString).Intersect(Hashes(Old).Of(EmailAddress.Parse("ann@customer.example")).Select(Convert.ToHexString)));

    [Theory]
    [InlineData("", "Erasure:Keys has 0 keys")]
    [InlineData("short", "Erasure:Keys:0 has fewer than 16 characters")]
    [InlineData(New, null)]
    public void Keys_are_needed_and_long(string key, string? fault)
    {
        var options = new ErasureOptions();
        if (key.Length > 0)
        {
            options.Keys.Add(key);
        }

        var faults = options.Validate(new ValidationContext(new object())).Select(found => found.ErrorMessage!).ToList();
        Assert.Equal(fault is null, faults.Count == 0);
        Assert.All(faults, found => Assert.StartsWith(fault!, found, StringComparison.Ordinal));
    }

    private static AddressHashes Hashes(params string[] keys)
    {
        var options = new ErasureOptions();
        foreach (var key in keys)
        {
            options.Keys.Add(key);
        }

        return new AddressHashes(options);
    }
}
