using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Filtering;

namespace CrmMail.Processor.Classifying;

/// <summary>The stage after Decode: what the folder and the filters make of a mail.</summary>
internal sealed class ClassifyStage(FilterPolicy filters)
{
    /// <summary>Sets <see cref="BatchItem.Placement"/>, <see cref="BatchItem.FolderSkip"/> and <see cref="BatchItem.Filter"/>.</summary>
    public void Classify(BatchItem item)
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

        item.Filter = filters.Decide(item.Event.Content);
    }
}
