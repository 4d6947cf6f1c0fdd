using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Classifying;

/// <summary>
/// The first stage that decides: what the folder of a mail makes of it. The folder speaks first, then, where it holds all kinds of mail
/// (Gmail's All Mail, a folder of the user), the labels and flags of the mail.
/// </summary>
internal static class FolderRules
{
    /// <summary>Where the mail is, or the reason for which it makes no activity there.</summary>
    public static (Placement Placement, SkipReason? Skip) Classify(MailFolder folder, MailIdentity identity)
    {
        var (placement, skip) = OfFolder(folder);
        return (placement, skip ?? (identity.IsEmpty ? SkipReason.NoMessageId : null));
    }

    private static (Placement Placement, SkipReason? Skip) OfFolder(MailFolder folder) => FolderMeanings.Of(folder.SpecialUse) switch
    {
        FolderMeaning.Sent => (Placement.Sent, null),
        FolderMeaning.Drafts => (Placement.Elsewhere, SkipReason.Drafts),
        FolderMeaning.Junk => (Placement.Elsewhere, SkipReason.Junk),
        FolderMeaning.Trash => (Placement.Elsewhere, SkipReason.Trash),
        FolderMeaning.Inbox when !folder.IsDraft => (Placement.Inbox, null),
        _ => OfLabels(folder),
    };

    private static (Placement Placement, SkipReason? Skip) OfLabels(MailFolder folder)
    {
        var isSent = false;
        var skip = folder.IsDraft ? SkipReason.Drafts : (SkipReason?)null;
        foreach (var label in folder.Labels)
        {
            switch (FolderMeanings.Of(label))
            {
                case FolderMeaning.Drafts:
                    skip = SkipReason.Drafts;
                    break;
                case FolderMeaning.Junk:
                    skip ??= SkipReason.Junk;
                    break;
                case FolderMeaning.Trash:
                    skip ??= SkipReason.Trash;
                    break;
                case FolderMeaning.Sent:
                    isSent = true;
                    break;
                default:
                    break;
            }
        }

        return (isSent ? Placement.Sent : Placement.Elsewhere, skip);
    }
}
