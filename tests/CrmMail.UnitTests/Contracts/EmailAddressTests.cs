using System.Globalization;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class EmailAddressTests
{
    public static TheoryData<string, string> Normalised => new()
    {
        // Case and blanks.
        { "Bob@Example.ORG", "bob@example.org" },
        { " \tbob@example.org\r\n", "bob@example.org" },
        { "INFO@EXAMPLE.COM", "info@example.com" },
        // U+212A KELVIN SIGN is a K to Unicode: the same mailbox, not a look-alike of it.
        { "\u212Aevin@example.com", "kevin@example.com" },

        // Domains in A-labels (IDNA 2008, as browsers have it), whatever dot and case they are written with.
        { "ann@bücher.de", "ann@xn--bcher-kva.de" },
        { "ann@BÜCHER.de", "ann@xn--bcher-kva.de" },
        { "ann@XN--BCHER-KVA.de", "ann@xn--bcher-kva.de" },
        { "ann@faß.de", "ann@xn--fa-hia.de" },
        { "ann@bücher。de", "ann@xn--bcher-kva.de" },

        // UTF-8 mailboxes (RFC 6531), composed and decomposed alike.
        { "用户@例え.jp", "用户@xn--r8jz45g.jp" },
        { "rene\u0301@example.fr", "ren\u00E9@example.fr" },
        { "ren\u00E9@example.fr", "ren\u00E9@example.fr" },
        { "RENE\u0301@example.fr", "ren\u00E9@example.fr" },
        { "ann@bu\u0308cher.de", "ann@xn--bcher-kva.de" },

        // What the mail world writes although no standard allows it.
        { "a..b@docomo.ne.jp", "a..b@docomo.ne.jp" },
        { "ann@my_host.example.com", "ann@my_host.example.com" },
        { "ann@a..de", "ann@a..de" },
        { "\"Ann B\"@Example.com", "\"ann b\"@example.com" },
        { "\"a@b\"@example.com", "\"a@b\"@example.com" },

        // What cannot be normalised stays, in lower case.
        { "Ann@bücher..DE", "ann@bücher..de" },
        { "Undisclosed Recipients", "undisclosed recipients" },
        { "Ünknown", "ünknown" },
        { "@", "@" },
        { "ann@", "ann@" },
        { "a\0b@example.com", "a\uFFFDb@example.com" },
        { "a\ud800@example.com", "a\uFFFD@example.com" },
    };

    [Theory]
    [MemberData(nameof(Normalised))]
    public void An_address_has_one_form(string written, string normalised)
    {
        Assert.Equal(normalised, EmailAddress.Parse(written).Value);
        Assert.Equal(normalised, EmailAddress.Parse(normalised).Value);
    }

    [Fact]
    public void A_domain_label_too_long_for_A_labels_stays_as_it_is()
    {
        var address = $"Ann@{new string('ü', 64)}.DE";
        Assert.Equal($"ann@{new string('ü', 64)}.de", EmailAddress.Parse(address).Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    public void An_address_is_never_empty(string? text)
    {
        Assert.False(EmailAddress.TryParse(text, out var address));
        Assert.Null(address);
    }

    [Fact]
    public void An_address_too_long_for_an_index_is_refused() =>
        Assert.False(EmailAddress.TryParse(new string('a', EmailAddress.MaxLength) + "@b", out _));

    [Fact]
    public void The_culture_of_the_machine_makes_no_difference()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.Equal("info@example.com", EmailAddress.Parse("INFO@EXAMPLE.COM").Value);
            Assert.Equal("infö@example.com", EmailAddress.Parse("INFÖ@EXAMPLE.COM").Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("ann+shop@example.com", "ann@example.com")]
    [InlineData("ann+a+b@example.com", "ann@example.com")]
    [InlineData("ann+@example.com", "ann@example.com")]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("+ann@example.com", "+ann@example.com")]
    [InlineData("ann@exam+ple.com", "ann@exam+ple.com")]
    [InlineData("ann+shop", "ann+shop")]
    public void A_tag_is_what_follows_the_first_plus_of_the_mailbox(string address, string withoutTag) =>
        Assert.Equal(withoutTag, EmailAddress.Parse(address).WithoutTag().Value);

    [Theory]
    [InlineData("annsmith@gmail.com", "annsmith@gmail.com")]
    [InlineData("Ann.Smith+shop@GoogleMail.com", "annsmith@gmail.com")]
    [InlineData("a.n.n.s.mith@googlemail.com", "annsmith@gmail.com")]
    [InlineData("ann+a.b+c@gmail.com", "ann@gmail.com")]
    [InlineData("ann@x@gmail.com", "ann@x@gmail.com")]
    [InlineData("ann.smith@customer.example", null)]
    [InlineData("ann.smith@gmail.com.example", null)]
    [InlineData("ann.smith@mail.gmail.com", null)]
    [InlineData("ann.smith@notgmail.com", null)]
    [InlineData("+ann@gmail.com", null)]
    [InlineData("..@gmail.com", null)]
    [InlineData("@gmail.com", null)]
    [InlineData("gmail.com", null)]
    public void At_Gmail_a_mailbox_has_an_address_for_every_way_to_set_dots(string address, string? mailbox) =>
        Assert.Equal(mailbox, EmailAddress.Parse(address).GmailMailbox);

    [Theory]
    [InlineData("Ann.Smith+shop@googlemail.com", "annsmith@gmail.com")]
    [InlineData("ann.smith+shop@customer.example", "ann.smith@customer.example")]
    [InlineData("+ann@gmail.com", "+ann@gmail.com")]
    public void The_mailbox_of_an_address_is_what_the_loosest_rule_leaves(string address, string mailbox) =>
        Assert.Equal(mailbox, EmailAddress.Parse(address).Mailbox);

    [Fact]
    public void Whatever_the_text_its_form_is_stable_and_storable()
    {
        var random = new Random(20260101);
        var alphabet = "aZ@.+-_\"\0\ud800\udc00\u0130\u0131\u212A\u00DF\u0301\u0308é用。İK\u200D\u00AD🙂xn--".ToCharArray();
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string(random.GetItems(alphabet, random.Next(1, 24)));
            if (EmailAddress.TryParse(text, out var address))
            {
                var seen = $"{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))} became {address.Value}";
                Assert.True(address.Value.Length > 0 && SafeText.IsSafe(address.Value), seen);
                Assert.True(EmailAddress.TryParse(address.Value, out var again) && again == address, $"{seen}, then {again}");
            }
        }
    }
}
