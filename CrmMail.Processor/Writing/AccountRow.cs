using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Writing;

/// <summary>The row of an account, locked, and what the events of a batch change about it.</summary>
internal sealed class AccountRow(string id, DateTime stateSince, long stateOffset, DateTime? lastErrorAt, DateTime? lastEventAt, DateTime? forgottenBefore = null)
{
    private readonly HashSet<EmailAddress> _newAddresses = [];
    private DateTime _stateSince = stateSince;
    private long _stateOffset = stateOffset;
    private DateTime? _lastErrorAt = lastErrorAt;

    public string Id { get; } = id;

    /// <summary>How much of its mails is stored.</summary>
    public StorageLevel StorageLevel { get; set; } = StorageLevel.Snippet;

    /// <summary>The new state and the event that told it; null when it stays.</summary>
    public (AccountState State, BatchItem Event)? NewState { get; private set; }

    /// <summary>What the mail server said last; null when it stays.</summary>
    public (string? Error, DateTime At)? NewError { get; private set; }

    /// <summary>The addresses to learn: an account that has changed its login goes by both.</summary>
    public IReadOnlyCollection<EmailAddress> NewAddresses => _newAddresses;

    public DateTime? LastEventAt { get; private set; } = lastEventAt;

    public int NewIncoming { get; private set; }

    public int NewSent { get; private set; }

    public int NewSkipped { get; private set; }

    public bool AreCountsChanged { get; private set; }

    /// <summary>Whether what was received then belongs to an account of this name that was removed.</summary>
    public bool IsForgotten(DateTime receivedAt) => receivedAt < forgottenBefore;

    /// <summary>Retries reorder webhooks: a state is replaced only by a later one, of two in the same instant by the one behind it in Kafka.</summary>
    public void Change(BatchItem item, AccountChange change)
    {
        var offset = item.Record.Kafka.Offset.Value;
        if ((item.Event.At, offset).CompareTo((_stateSince, _stateOffset)) > 0)
        {
            (_stateSince, _stateOffset) = (item.Event.At, offset);
            NewState = (change.State, item);
        }

        if (change.Error is not null && (_lastErrorAt is null || item.Event.At > _lastErrorAt))
        {
            _lastErrorAt = item.Event.At;
            NewError = (change.Error, item.Event.At);
        }

        if (change.Address is not null)
        {
            _newAddresses.Add(change.Address);
        }
    }

    /// <summary>An event came from the source itself, so its webhooks arrive; not so when a comparison fed it.</summary>
    public void Heard(MailSource source, DateTime receivedAt)
    {
        if (source != MailSource.Reconcile && (LastEventAt is null || receivedAt > LastEventAt))
        {
            LastEventAt = receivedAt;
            AreCountsChanged = true;
        }
    }

    public void CountActivity(Direction direction)
    {
        NewIncoming += direction == Direction.Incoming ? 1 : 0;
        NewSent += direction == Direction.Sent ? 1 : 0;
        AreCountsChanged = true;
    }

    public void CountSkipped(int difference)
    {
        NewSkipped += difference;
        AreCountsChanged = true;
    }
}
