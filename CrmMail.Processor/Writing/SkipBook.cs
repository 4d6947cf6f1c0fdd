using CrmMail.Contracts;
using CrmMail.Processor.Batches;

namespace CrmMail.Processor.Writing;

/// <summary>The rows of <c>skipped_events</c> behind the events of a batch, and what changes about them.</summary>
internal sealed class SkipBook
{
    private readonly Dictionary<(string AccountId, string Source, string EventId), string> _stored = [];
    private readonly Dictionary<(string AccountId, string Source, string EventId), (BatchItem Item, SkipReason? Reason)> _told = [];

    /// <summary>Rows to be written, one for each event however often the batch holds it.</summary>
    public IEnumerable<(BatchItem Item, SkipReason Reason)> Changed
    {
        get
        {
            foreach (var (key, (item, reason)) in _told)
            {
                if (reason is { } told && _stored.GetValueOrDefault(key) != told.ToText())
                {
                    yield return (item, told);
                }
            }
        }
    }

    /// <summary>Events that were skipped once, and have made an activity now.</summary>
    public IEnumerable<BatchItem> Gone
    {
        get
        {
            foreach (var (key, (item, reason)) in _told)
            {
                if (reason is null && _stored.ContainsKey(key))
                {
                    yield return item;
                }
            }
        }
    }

    public void AddStored(string accountId, string source, string eventId, string reason) => _stored[(accountId, source, eventId)] = reason;

    /// <summary>Whether it is recorded that the event made no activity.</summary>
    public bool IsRecorded(BatchItem item) => IsRecorded(KeyOf(item));

    /// <summary>Records why the event made no activity.</summary>
    /// <returns>Whether it was recorded before, with whatever reason.</returns>
    public bool Record(BatchItem item, SkipReason reason)
    {
        var key = KeyOf(item);
        var isRecorded = IsRecorded(key);
        _told[key] = (_told.TryGetValue(key, out var told) ? told.Item : item, reason);
        return isRecorded;
    }

    /// <summary>The event has an activity.</summary>
    /// <returns>Whether it had none before.</returns>
    public bool Remove(BatchItem item)
    {
        var key = KeyOf(item);
        var isRecorded = IsRecorded(key);
        if (isRecorded)
        {
            _told[key] = (item, null);
        }

        return isRecorded;
    }

    private bool IsRecorded((string AccountId, string Source, string EventId) key) =>
        _told.TryGetValue(key, out var told) ? told.Reason is not null : _stored.ContainsKey(key);

    private static (string AccountId, string Source, string EventId) KeyOf(BatchItem item) =>
        (item.Event.Account.Value, item.Record.Headers.Source.ToText(), item.Record.Headers.EventId.Value);
}
