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

    private static (Placement Placement, SkipReason? Skip) OfFolder(MailFolder folder) => Meaning(folder.SpecialUse) switch
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
            switch (Meaning(label))
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

    /// <summary>Special uses (RFC 6154) and flags; <c>\Draft</c>, the flag, is what EmailEngine's guide calls the folder too.</summary>
    private static FolderMeaning Meaning(string? name) =>
        name is not ['\\', ..] ? FolderMeaning.Other
        : Is(name, @"\Sent") ? FolderMeaning.Sent
        : Is(name, @"\Inbox") ? FolderMeaning.Inbox
        : Is(name, @"\Drafts") || Is(name, @"\Draft") ? FolderMeaning.Drafts
        : Is(name, @"\Junk") || Is(name, @"\Spam") ? FolderMeaning.Junk
        : Is(name, @"\Trash") ? FolderMeaning.Trash
        : FolderMeaning.Other;

    private static bool Is(string name, string specialUse) => name.Equals(specialUse, StringComparison.OrdinalIgnoreCase);

    private enum FolderMeaning
    {
        Other,
        Inbox,
        Sent,
        Drafts,
        Junk,
        Trash,
    }
}
