using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Classifying;

/// <summary>The stage after Decode: what the folder makes of a mail.</summary>
internal static class ClassifyStage
{
    /// <summary>Sets <see cref="BatchItem.Placement"/> and <see cref="BatchItem.FolderSkip"/>.</summary>
    public static void Classify(BatchItem item)
    {
        if (item.Event.Content is SeenMail seen)
        {
            (item.Placement, item.FolderSkip) = item.Record.Headers.Source == MailSource.MailParse
                ? (Placement.TeamAddress, seen.Identity.IsEmpty ? SkipReason.NoMessageId : (SkipReason?)null)
                : FolderRules.Classify(seen.Folder, seen.Identity);
        }
        else if (item.Event.Content is DeliveredMail)
        {
            item.Placement = Placement.Sent;
        }
    }
}
