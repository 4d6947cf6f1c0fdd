using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Classifying;

public sealed class FolderRulesTests
{
    [Theory]
    [InlineData(@"\Inbox", "", false, "Inbox", null)]
    [InlineData(@"\INBOX", "", false, "Inbox", null)]
    [InlineData(@"\Sent", "", false, "Sent", null)]
    [InlineData(@"\Sent", @"\Draft", true, "Sent", null)] // a client left its flag on the copy
    [InlineData(@"\Drafts", "", false, "Elsewhere", "Drafts")]
    [InlineData(@"\Draft", "", false, "Elsewhere", "Drafts")] // as EmailEngine's guide writes it
    [InlineData(@"\Junk", "", false, "Elsewhere", "Junk")]
    [InlineData(@"\Spam", "", false, "Elsewhere", "Junk")]
    [InlineData(@"\Trash", "", false, "Elsewhere", "Trash")]
    [InlineData(@"\Archive", "", false, "Elsewhere", null)]
    [InlineData(@"\Flagged", "", false, "Elsewhere", null)]
    [InlineData(null, "", false, "Elsewhere", null)] // a folder of the user
    [InlineData("Sent", "", false, "Elsewhere", null)] // a name is no special use
    [InlineData(@"\All", @"\Sent", false, "Sent", null)]
    [InlineData(@"\All", @"\Inbox", false, "Elsewhere", null)]
    [InlineData(@"\All", @"\Sent,\Inbox", false, "Sent", null)] // self-mail in Gmail
    [InlineData(@"\All", @"\Draft", false, "Elsewhere", "Drafts")]
    [InlineData(@"\All", @"\Junk", false, "Elsewhere", "Junk")]
    [InlineData(@"\All", @"\Trash,\Sent", false, "Sent", "Trash")]
    [InlineData(@"\All", @"\Trash,\Drafts", false, "Elsewhere", "Drafts")]
    [InlineData(@"\All", @"\Important,\Starred,Label_7", false, "Elsewhere", null)]
    [InlineData(@"\All", "", true, "Elsewhere", "Drafts")]
    [InlineData(@"\Inbox", "", true, "Elsewhere", "Drafts")]
    public void The_folder_decides_and_where_it_holds_everything_the_labels(
        string? specialUse, string labels, bool isDraft, string placement, string? skip)
    {
        var folder = new MailFolder("1", "path", specialUse, labels.Split(',', StringSplitOptions.RemoveEmptyEntries), isDraft);

        var (foundPlacement, foundSkip) = FolderRules.Classify(folder, Identity("<1@x>"));

        Assert.Equal(placement, foundPlacement.ToString());
        Assert.Equal(skip, foundSkip?.ToString());
    }

    [Theory]
    [InlineData(@"\Inbox", "NoMessageId")]
    [InlineData(@"\Sent", "NoMessageId")]
    [InlineData(@"\Junk", "Junk")] // the folder speaks first
    public void A_mail_without_any_id_is_skipped(string specialUse, string skip) =>
        Assert.Equal(skip, FolderRules.Classify(new MailFolder("1", "path", specialUse, [], false), Identity(null)).Skip.ToString());

    private static MailIdentity Identity(string? messageId) => MailIdentity.Of(AccountId.Parse("amy"), messageId, null, null);
}
