using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>How far the group is, and what of it outlives the process.</summary>
internal sealed partial class ConsumerGroup
{
    /// <summary>How long the offsets of a group without members are kept; Kafka's default.</summary>
    private static readonly TimeSpan OffsetRetention = TimeSpan.FromDays(7);

    /// <summary>How long a group that has neither members nor offsets can still be seen.</summary>
    private static readonly TimeSpan EmptyRetention = TimeSpan.FromMinutes(10);

    private readonly Dictionary<TopicPartition, CommittedOffset> _offsets = [];
    private GroupJournal? _journal;

    private bool HasJournal => _journal is not null;

    /// <summary>Brings a group back as its journal left it. Members have a whole session to give a sign of life.</summary>
    public static ConsumerGroup? Restore(string path, GroupContext context)
    {
        var (journal, entries) = GroupJournal.Open(path);
        if (entries.FirstOrDefault() is not JournalEntry.Named(var id))
        {
            // The process died before the group's first entry was whole: there is nothing to restore.
            journal.Delete();
            return null;
        }

        var group = new ConsumerGroup(id, context) { _journal = journal };
        foreach (var entry in entries)
        {
            group.Restore(entry);
        }

        return group;
    }

    /// <summary>Whether a member, or a consumer outside of any group, may commit now.</summary>
    /// <param name="memberId">Its member id; empty for a consumer that is no member.</param>
    /// <param name="instanceId">Its own name, if it is static.</param>
    /// <param name="generation">The generation that it knows; negative for a consumer that is no member.</param>
    public ErrorCode CheckCommit(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            if (generation < 0 && memberId.Length == 0 && _members.Count == 0)
            {
                return ErrorCode.None;
            }

            if (Check(memberId, instanceId, generation, out var member) is var error and not ErrorCode.None)
            {
                return error;
            }

            member!.LastSeen = _context.Now;
            return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    /// <summary>Notes how far the group is.</summary>
    /// <returns>False when the group is gone, and another of its name is to be asked.</returns>
    /// <exception cref="IOException">It could not be written down; nothing was noted.</exception>
    public bool Commit(IReadOnlyList<JournalEntry.Committed> commits)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
            {
                return false;
            }

            if (commits.Count > 0)
            {
                Journal([.. commits]);
                foreach (var (partition, offset) in commits)
                {
                    _offsets[partition] = offset;
                }
            }

            return true;
        }
    }

    /// <summary>When the disk has what was noted so far. At once where that is not promised.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            return _context.Flush is { } flush && _journal is { } journal ? flush.FlushAsync(journal) : Task.CompletedTask;
        }
    }

    public CommittedOffset? FindOffset(TopicPartition partition)
    {
        lock (_gate)
        {
            return _offsets.GetValueOrDefault(partition);
        }
    }

    /// <summary>All offsets, in no order.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, CommittedOffset>> ListOffsets()
    {
        lock (_gate)
        {
            return [.. _offsets];
        }
    }

    /// <summary>Forgets offsets, of partitions that no member reads.</summary>
    /// <exception cref="IOException">It could not be written down; nothing was forgotten.</exception>
    public ErrorCode DeleteOffset(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_members.Values.Any(member => Subscription.Names(member.MetadataFor(_protocol.Length > 0 ? _protocol : member.Request.Protocols[0].Name), partition.Topic)))
            {
                return ErrorCode.GroupSubscribedToTopic;
            }

            Forget([partition]);
            return ErrorCode.None;
        }
    }

    /// <summary>Forgets the offsets of a topic that was deleted.</summary>
    public void ForgetTopic(string topic)
    {
        lock (_gate)
        {
            Forget([.. _offsets.Keys.Where(partition => partition.Topic == topic)]);
        }
    }

    /// <summary>Ends a group that has no members.</summary>
    public ErrorCode Delete()
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
            {
                return ErrorCode.GroupIdNotFound;
            }

            if (_members.Count > 0)
            {
                return ErrorCode.NonEmptyGroup;
            }

            Die();
            return ErrorCode.None;
        }
    }

    /// <summary>Closes the journal.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _journal?.Flush();
            _journal?.Dispose();
            State = GroupState.Dead;
        }
    }

    private bool DieWhenEmpty()
    {
        if (State == GroupState.Empty && _invited.Count == 0 && _context.Now - _emptySince >= KeptWhenEmpty())
        {
            Die();
        }

        return State == GroupState.Dead;
    }

    private TimeSpan KeptWhenEmpty()
    {
        if (_offsets.Count > 0)
        {
            var sinceCommit = TimeSpan.FromMilliseconds(_context.UnixTime - _offsets.Values.Max(offset => offset.CommittedAt));
            return sinceCommit < OffsetRetention ? TimeSpan.MaxValue : OffsetRetention;
        }

        return _generation == 0 ? TimeSpan.Zero : EmptyRetention;
    }

    // The file goes first: once the group is dead, another of its name may begin one.
    private void Die()
    {
        _journal?.Delete();
        _journal = null;
        _offsets.Clear();
        State = GroupState.Dead;
    }

    private void Forget(IReadOnlyList<TopicPartition> partitions)
    {
        var known = partitions.Where(_offsets.ContainsKey).ToList();
        if (known.Count > 0)
        {
            Journal([.. known.Select(partition => new JournalEntry.Removed(partition))]);
            known.ForEach(partition => _offsets.Remove(partition));
        }
    }

    private void Journal(params IReadOnlyList<JournalEntry> entries)
    {
        _journal ??= GroupJournal.Create(_context.Folder, Id);
        _journal.Append(entries);
        if (_journal.IsWorthCompacting)
        {
            _journal.Compact([new JournalEntry.Named(Id), Completed(), .. _offsets.Select(offset => new JournalEntry.Committed(offset.Key, offset.Value)), .. entries]);
        }
    }

    private void Restore(JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.GenerationCompleted completed:
                Restore(completed);
                break;
            case JournalEntry.Committed(var partition, var offset):
                _offsets[partition] = offset;
                break;
            case JournalEntry.Removed(var partition):
                _offsets.Remove(partition);
                break;
        }
    }

    private void Restore(JournalEntry.GenerationCompleted completed)
    {
        _generation = completed.Generation;
        _protocolType = completed.ProtocolType;
        _protocol = completed.Protocol;
        _leader = completed.Leader;
        State = completed.Members.Count == 0 ? GroupState.Empty : GroupState.Stable;
        _members.Clear();
        foreach (var member in completed.Members)
        {
            member.LastSeen = _context.Now;
            _members.Add(member.Id, member);
        }
    }
}
