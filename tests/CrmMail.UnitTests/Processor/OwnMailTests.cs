using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;

namespace CrmMail.UnitTests.Processor;

public sealed class OwnMailTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    [Theory]
    [InlineData("amy@example.com", "amy@example.com", SkipReason.SelfMail)]
    [InlineData("amy@example.com", "amy.alias@example.com", SkipReason.SelfMail)]
    [InlineData("amy.alias@example.com", "amy@example.com", SkipReason.SelfMail)]
    [InlineData("amy@example.com", "zed@example.com", SkipReason.OwnAccounts)]
    [InlineData("zed@example.com", "amy@example.com", SkipReason.OwnAccounts)]
    [InlineData("zed@example.com", "amy.alias@example.com", SkipReason.OwnAccounts)]
    [InlineData("stranger@example.net", "amy@example.com", SkipReason.NoContact)]
    public void A_mail_to_oneself_is_told_from_one_between_colleagues(string from, string to, SkipReason expected)
    {
        var people = Correspondents.Of(new DeliveredMail(MailIdentity.Of(Amy, "<1@example.com>", null, null), null, null, [new("", from)], [new("", to)]));
        var book = new AddressBook();
        book.AddOwn("amy@example.com", "amy");
        book.AddOwn("amy.alias@example.com", "amy");
        book.AddOwn("zed@example.com", "zed");

        var match = ContactMatcher.Match(Amy, Placement.Inbox, people, outbound: null, book);

        Assert.Equal((Direction.Incoming, 0, expected), (match.Direction, match.Links.Count, match.WithoutLinks));
    }
}
