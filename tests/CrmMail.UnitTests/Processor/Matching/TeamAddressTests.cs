using CrmMail.Contracts;

namespace CrmMail.UnitTests.Processor.Matching;

/// <summary>Which way a mail went that reached a team address, and who of its people are linked.</summary>
public sealed class TeamAddressTests
{
    [Theory]
    [InlineData("ann@customer.example", "support@corp.example", "Incoming: ann from")]
    [InlineData("ann@customer.example", "bob@customer.example", "Incoming: ann from")]
    [InlineData("amy@corp.example", "ann@customer.example", "Sent: ann to")]
    [InlineData("cleo@corp.example", "ann@customer.example", "Sent: ann to")]
    [InlineData("stranger@x.example", "ann@customer.example", "Incoming: NoContact")]
    [InlineData("amy@corp.example", "cleo@corp.example", "Sent: OwnAccounts")]
    [InlineData("amy@corp.example", "support@corp.example", "Sent: NoContact")]
    public void What_one_of_us_wrote_was_sent_and_all_else_came(string from, string to, string expected)
    {
        var item = TeamMail.Item($$$"""  "message_id":"<1@x>","envelope":{"from":{"email":"{{{from}}}"},"to":[{"email":"{{{to}}}"}]}  """);

        World.Match(item);

        var match = item.Match!;
        Assert.Equal(expected, $"{match.Direction}: {(match.Links.Count > 0 ? World.Text(match.Links) : match.WithoutLinks)}");
    }

    [Fact]
    public void A_mail_without_an_id_is_skipped() =>
        Assert.Equal(SkipReason.NoMessageId, TeamMail.Item(""" "envelope":{"from":{"email":"ann@customer.example"}} """).FolderSkip);
}
