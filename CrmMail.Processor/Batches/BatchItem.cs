using System.Diagnostics;
using CrmMail.Contracts;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Deduplication;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Batches;

/// <summary>One event on its way through the stages; each stage adds what it found out.</summary>
internal sealed class BatchItem(EventRecord record, MailEvent mailEvent)
{
    public EventRecord Record { get; } = record;

    public MailEvent Event { get; } = mailEvent;

    /// <summary>The span of the event, in the trace of the request that brought it. Null when nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>From Classify: what the folder says about the direction.</summary>
    public Placement Placement { get; set; }

    /// <summary>From Classify: the reason for which the mail makes no activity in its folder.</summary>
    public SkipReason? FolderSkip { get; set; }

    /// <summary>From Classify: what the filters make of the mail.</summary>
    public FilterDecision Filter { get; set; }

    /// <summary>From Claim: what Redis knows of the event.</summary>
    public ClaimAnswer Claim { get; set; }

    /// <summary>From Match: the contacts of the mail. Null for events without one, and for mails that make no activity in their folder or by the filters.</summary>
    public MailMatch? Match { get; set; }

    /// <summary>
    /// Whether a contact may be made of somebody whom the mail names. This is the one place that says so: not of a mail that makes no activity
    /// for its folder, its filters or the blocklist, nor of one by a machine, from a list, or that was not verified.
    /// </summary>
    public bool MayMakeContact =>
        FolderSkip is null && Filter is { Skip: null, ForbidsContact: false } && Match is { WithoutLinks: not SkipReason.Blocked };

    /// <summary>When the mail was written, as far as this event tells.</summary>
    public DateTime OccurredAt => Event.Content is SeenMail seen ? seen.OccurredAt : Event.At;

    /// <summary>From Write: what became of the event; null when it became a dead letter.</summary>
    public Outcome? Outcome { get; set; }
}
