using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor;

public sealed class AddressHeaderTests
{
    [Theory]
    [InlineData("bob@example.org")]
    [InlineData("<bob@example.org>")]
    [InlineData("Bob Buyer <bob@example.org>")]
    [InlineData("Buyer, Bob <bob@example.org>")]
    [InlineData("\"Buyer, Bob\" <bob@example.org>")]
    [InlineData("Bob @ Work <bob@example.org>")]
    [InlineData("\"Bob Buyer <bob@example.org>")]
    [InlineData("Bob (at work <bob@example.org>")]
    [InlineData("Bob <bob@example.org")]
    [InlineData("Bob <<bob@example.org>>")]
    [InlineData("<@relay.example.net,@b.example.net:bob@example.org>")]
    [InlineData("bob @ example.org")]
    [InlineData("bob@example.org (Bob, the buyer)")]
    [InlineData("=?utf-8?Q?Doe=2C_B=C3=B6b?= <bob@example.org>")]
    [InlineData("Team: bob@example.org;")]
    [InlineData("\"evil@example.net\" <bob@example.org>")]
    [InlineData("evil@example.net <bob@example.org>")]
    [InlineData("(evil@example.net) <bob@example.org>")]
    [InlineData("\"an escaped \\\" <evil@example.net>\" <bob@example.org>")]
    public void One_author_is_found_however_the_header_is_written(string header) =>
        Assert.Equal(["bob@example.org"], AddressHeader.AddressesIn(header));

    [Theory]
    [InlineData("Bob <bob@example.org>, Carol <carol@example.net>")]
    [InlineData("bob@example.org; carol@example.net")]
    [InlineData("Team: bob@example.org, \"C, C\" <carol@example.net>;")]
    [InlineData("Bob <bob@example.org>; Carol <carol@example.net")]
    public void Several_authors_are_found_in_their_order(string header) =>
        Assert.Equal(["bob@example.org", "carol@example.net"], AddressHeader.AddressesIn(header));

    [Theory]
    [InlineData("")]
    [InlineData("<>")]
    [InlineData("@")]
    [InlineData("bob@")]
    [InlineData("@example.org")]
    [InlineData("Bob Buyer")]
    [InlineData("\"bob@example.org\"")]
    [InlineData("write to bob@example.org today")]
    [InlineData("undisclosed-senders:;")]
    [InlineData("<<<<")]
    [InlineData("\"(<\\")]
    public void What_is_no_address_is_passed_over(string header) => Assert.Empty(AddressHeader.AddressesIn(header));

    [Fact]
    public void A_local_part_in_quotes_keeps_them() =>
        Assert.Equal(["\"john doe\"@example.org"], AddressHeader.AddressesIn("John <\"john doe\"@example.org>"));
}
