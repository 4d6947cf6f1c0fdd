using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Replay;

/// <summary>An activity that a batch made or changed.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="Kind">The stable text of a <see cref="ReplayChangeKind"/>.</param>
/// <param name="Reason">What was not right, in stable words.</param>
internal readonly record struct ActivityChange(long ActivityId, string Kind, string Reason);

/// <summary>What a batch did.</summary>
internal sealed class BatchResult
{
    public List<ActivityChange> Changes { get; } = [];

    /// <summary>Events that make no activity of their own, for whatever reason, without those that were counted before and now do.</summary>
    public long Skipped { get; private set; }

    /// <summary>Activities whose event is in the batch, and that were right.</summary>
    public long Unchanged { get; private set; }

    /// <summary>Activities among the changes that followed their conversation. One whose event is in the range counts as unchanged when that is read.</summary>
    public IReadOnlyList<long> Followers { get; private set; } = [];

    /// <summary>Offsets that no event was made of.</summary>
    public LeftOut LeftOut { get; init; }

    /// <summary>Adds what the book has written.</summary>
    public void Add(MailBook book, ArraySegment<BatchItem> items, bool countUnchanged)
    {
        var kept = new HashSet<(string AccountId, string Source, string EventId)>();
        AddSkipped(items);
        foreach (var item in items)
        {
            if (countUnchanged && item.Outcome is { Skip: null })
            {
                kept.Add((item.Event.Account.Value, item.Record.Headers.Source.ToText(), item.Record.Headers.EventId.Value));
            }
        }

        foreach (var mail in book.Mails)
        {
            if (ChangeOf(mail) is { } change)
            {
                Changes.Add(change);
            }
            else if (kept.Contains((mail.AccountId, mail.Source, mail.EventId)))
            {
                Unchanged++;
            }
        }
    }

    /// <summary>Counts events that make no activity of their own.</summary>
    public void AddSkipped(ArraySegment<BatchItem> items)
    {
        foreach (var item in items)
        {
            Skipped += item.Outcome is { Skip: not null } ? 1 : 0;
        }
    }

    /// <summary>Events that were counted as skipped when they were written before, and make an activity now, are none of those.</summary>
    public void TakeBackSkipped(ArraySegment<BatchItem> items)
    {
        foreach (var item in items)
        {
            Skipped -= item.Outcome is { Skip: null, IsRepeated: false } ? 1 : 0;
        }
    }

    /// <summary>Adds mails that followed their conversation to another deal.</summary>
    public void AddFollowers(IReadOnlyList<long> activities)
    {
        foreach (var id in activities)
        {
            Changes.Add(new ActivityChange(id, ReplayChangeKind.Changed.ToText(), ChangeReasons.Route));
        }

        Followers = activities;
    }

    private static ActivityChange? ChangeOf(Mail mail)
    {
        if (mail.IsNew)
        {
            return new ActivityChange(mail.Id, ReplayChangeKind.Added.ToText(), ChangeReasons.Missing);
        }

        var reasons = ChangeReasons.Of(mail);
        return reasons.Length == 0 ? null
            : reasons == ChangeReasons.Folder ? new ActivityChange(mail.Id, ReplayChangeKind.Moved.ToText(), reasons)
            : new ActivityChange(mail.Id, ReplayChangeKind.Changed.ToText(), reasons);
    }
}
