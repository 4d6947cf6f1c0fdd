using System.Globalization;

namespace CrmMail.Cli.Replays;

/// <summary>Offsets of one partition: <c>3:100-200</c>, <c>3:100-</c>, <c>3:-200</c>. The last one belongs to it, as people count.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">The first offset; null for the first that there is.</param>
/// <param name="To">The offset after the last; null for as many as there are.</param>
internal readonly record struct OffsetRange(int Partition, long? From, long? To)
{
    public static bool TryParse(string text, out OffsetRange range)
    {
        range = default;
        var parts = text.Split(':', '-');
        if (parts.Length != 3 || text.IndexOf('-', StringComparison.Ordinal) < text.IndexOf(':', StringComparison.Ordinal)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !TryOffset(parts[1], out var first)
            || !TryOffset(parts[2], out var last)
            || (first ?? last) is null
            || first > last
            || last == long.MaxValue)
        {
            return false;
        }

        range = new OffsetRange(partition, first, last + 1);
        return true;
    }

    private static bool TryOffset(string text, out long? offset)
    {
        offset = null;
        if (text.Length == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        offset = number;
        return isNumber;
    }
}
