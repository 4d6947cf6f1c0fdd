using System.Runtime.InteropServices;

namespace KafkaBroker.Storage;

/// <summary>Where in a segment the batches are: an entry every <see cref="Interval"/> bytes. It lives in memory only, 16 bytes an entry.</summary>
internal sealed class SegmentIndex
{
    /// <summary>Bytes of log between two entries, at least.</summary>
    public const int Interval = 8 * 1024;

    private readonly List<Entry> _entries = [];

    /// <summary>Notes a batch, unless the last one noted is near.</summary>
    /// <param name="relativeOffset">Its base offset, counted from the segment's.</param>
    /// <param name="position">Its first byte.</param>
    /// <param name="maxTimestampBefore">The latest time of all batches before it.</param>
    public void Add(int relativeOffset, int position, long maxTimestampBefore)
    {
        if (_entries.Count == 0 || position - _entries[^1].Position >= Interval)
        {
            _entries.Add(new(relativeOffset, position, maxTimestampBefore));
        }
    }

    /// <summary>Position of a batch that holds the offset or precedes the one that does, by less than an interval.</summary>
    public int FindOffset(int relativeOffset) => LastPosition(relativeOffset, static (entry, offset) => entry.RelativeOffset <= offset);

    /// <summary>The last known start of a batch that is not beyond a position.</summary>
    public int FindBoundary(int position) => LastPosition(position, static (entry, position) => entry.Position <= position);

    /// <summary>Position from which on to look for the first batch with a record of this time or later.</summary>
    public int FindTimestamp(long timestamp) => LastPosition(timestamp, static (entry, timestamp) => entry.MaxTimestampBefore < timestamp);

    // Entries that fulfil a condition precede all that do not.
    private int LastPosition<T>(T sought, Func<Entry, T, bool> precedes)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        int low = 0, high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (precedes(entries[middle], sought))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? 0 : entries[low - 1].Position;
    }

    private readonly record struct Entry(int RelativeOffset, int Position, long MaxTimestampBefore);
}
