using System.Collections.Concurrent;
using System.Globalization;

namespace KafkaConformance.Tests;

/// <summary>Who owns which partition, and what was read, over all members of a group.</summary>
internal sealed class Ownership
{
    private readonly ConcurrentDictionary<int, GroupMember> _owners = new();

    /// <summary>The values that somebody has read.</summary>
    public ConcurrentDictionary<int, byte> Read { get; } = new();

    /// <summary>Partitions that were given to a member while another one had them.</summary>
    public ConcurrentQueue<string> Overlaps { get; } = new();

    public IReadOnlyList<int> OwnedBy(GroupMember member) => [.. _owners.Where(owner => owner.Value == member).Select(owner => owner.Key).Order()];

    public void Take(GroupMember member, int partition)
    {
        if (!_owners.TryAdd(partition, member))
        {
            Overlaps.Enqueue(partition.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Give(GroupMember member, int partition) => _owners.TryRemove(new(partition, member));

    /// <summary>Waits until all partitions are owned by so many members.</summary>
    public Task WaitForOwnersAsync(int members, int partitions) => Eventually.SeesAsync(
        () => $"{_owners.Count} partitions, {_owners.Values.Distinct().Count()} members",
        seen => seen == $"{partitions} partitions, {members} members");
}
