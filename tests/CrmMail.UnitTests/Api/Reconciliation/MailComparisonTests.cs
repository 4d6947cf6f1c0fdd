using CrmMail.Api.EmailEngine;
using CrmMail.Api.Reconciliation;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api.Reconciliation;

/// <summary>Which mails have left no trace.</summary>
public sealed class MailComparisonTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");
    private static readonly DateTimeOffset Since = new(2026, 11, 26, 9, 0, 0, 700, TimeSpan.Zero);

    // Why the mail was skipped, in which folder it lies now, with which flags.
    [Theory]
    [InlineData("no-contact", @"\Inbox", "", false)]
    [InlineData("no-contact", null, "", false)]
    [InlineData("self-mail", @"\Sent", "", false)]
    [InlineData("own-accounts", @"\Inbox", "", false)]
    [InlineData("known-mail", @"\Inbox", "", false)]
    [InlineData("junk", @"\Junk", "", false)]
    [InlineData("junk", @"\Inbox", "", true)]
    [InlineData("junk", @"\Trash", "", true)]
    [InlineData("junk", @"\All", @"\Junk", false)]
    [InlineData("trash", @"\Trash", "", false)]
    [InlineData("trash", null, "", true)]
    [InlineData("trash", null, @"\Trash", false)]
    [InlineData("drafts", @"\Drafts", "", false)]
    [InlineData("drafts", @"\Draft", "", false)]
    [InlineData("drafts", @"\Sent", "", true)]
    [InlineData("drafts", @"\Sent", @"\Draft", true)]
    [InlineData("drafts", @"\All", @"\Draft", false)]
    [InlineData("drafts", @"\All", @"\Sent", true)]
    [InlineData("mailbox-change", @"\Inbox", "", true)]
    [InlineData("delivery-report", @"\Sent", "", true)]
    [InlineData("account-deleted", @"\Inbox", "", true)]
    public void A_skip_counts_where_the_mail_would_be_skipped_for_it_again(string reason, string? specialUse, string flag, bool isMissing)
    {
        var comparison = new MailComparison(Amy, FolderMeanings.Of(specialUse), Since);
        var mail = Mail("<1@x.example>") with { Flags = [flag] };
        var keys = comparison.KeysOf(mail);
        var skipped = keys.ToLookup(key => key, _ => StableText.Parse<SkipReason>(reason));
        Assert.Equal(isMissing, comparison.IsMissing(mail, keys, new HashSet<MessageKey>(), skipped));
    }

    [Theory]
    [InlineData("<1@x.example>", null, "1@x.example", null, false)]
    [InlineData(" 1@x.example ", null, "<1@x.example>", null, false)]
    [InlineData("<1@X.example>", null, "1@x.example", null, true)]
    [InlineData("<other@x.example>", "e-1", null, "e-1", false)]
    [InlineData("<1@x.example>", "e-1", "1@x.example", null, false)]
    [InlineData("<1@x.example>", null, null, "1@x.example", true)]
    [InlineData(null, null, null, null, false)]
    [InlineData("<>", " ", null, null, false)]
    public void A_mail_is_known_by_any_of_its_keys(string? messageId, string? emailId, string? knownMessageId, string? knownEmailId, bool isMissing)
    {
        var known = new HashSet<MessageKey>();
        if (MessageKey.TryFromMessageId(knownMessageId, out var key) || MessageKey.TryFromEmailId(Amy, knownEmailId, out key))
        {
            known.Add(key);
        }

        var comparison = new MailComparison(Amy, FolderMeaning.Inbox, Since);
        var mail = Mail(messageId) with { EmailId = emailId };
        Assert.Equal(isMissing, comparison.IsMissing(mail, comparison.KeysOf(mail), known, Array.Empty<SkipReason>().ToLookup(_ => key!)));
    }

    [Theory]
    [InlineData("2026-11-26T09:00:00Z", true)]
    [InlineData("2026-11-26T08:59:59Z", false)]
    [InlineData(null, true)]
    public void Mail_servers_tell_whole_seconds(string? date, bool isInRange) =>
        Assert.Equal(isInRange, new MailComparison(Amy, FolderMeaning.Inbox, Since).IsInRange(
            Mail("<1@x.example>") with { Date = date is null ? null : DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture) }));

    private static EngineMessage Mail(string? messageId) => new("AAAB", null, messageId, Since.AddHours(1), false, null, null);
}
