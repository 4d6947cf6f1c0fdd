using CrmMail.Contracts;
using CrmMail.Processor.Batches;

namespace CrmMail.Processor.Writing;

/// <summary>The rows of <c>skipped_events</c> behind the events of a batch, and what changes about them.</summary>
internal sealed class SkipBook
{
    private readonly Dictionary<(string AccountId, string Source, string EventId), string> _stored = [];

    public List<(BatchItem Item, SkipReason Reason)> Changed { get; } = [];

    /// <summary>Events that were skipped once, and have made an activity now.</summary>
    public List<BatchItem> Gone { get; } = [];

    public void AddStored(string accountId, string source, string eventId, string reason) => _stored[(accountId, source, eventId)] = reason;

    /// <summary>Records why the event made no activity.</summary>
    /// <returns>Whether it was recorded before, with whatever reason.</returns>
    public bool Record(BatchItem item, SkipReason reason)
    {
        var isStored = _stored.TryGetValue(KeyOf(item), out var storedReason);
        if (storedReason != reason.ToText())
        {
            Changed.Add((item, reason));
        }

        return isStored;
    }

    /// <summary>The event has an activity.</summary>
    /// <returns>Whether it had none before.</returns>
    public bool Remove(BatchItem item)
    {
        var isStored = _stored.ContainsKey(KeyOf(item));
        if (isStored)
        {
            Gone.Add(item);
        }

        return isStored;
    }

    private static (string AccountId, string Source, string EventId) KeyOf(BatchItem item) =>
        (item.Event.Account.Value, item.Record.Headers.Source.ToText(), item.Record.Headers.EventId.Value);
}
