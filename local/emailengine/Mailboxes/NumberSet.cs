using System.Globalization;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>An IMAP sequence set, as <c>1,3,5:7,9:*</c> (RFC 9051, section 4.1.1). What is no number matches nothing.</summary>
internal sealed class NumberSet
{
    private readonly List<(uint From, uint To)> _ranges = [];

    private NumberSet()
    {
    }

    public static NumberSet Parse(string text)
    {
        var set = new NumberSet();
        foreach (var range in text.Split(','))
        {
            var ends = range.Split(':');
            if (TryParse(ends[0], out var from) && TryParse(ends[^1], out var to))
            {
                set._ranges.Add((Math.Min(from, to), Math.Max(from, to)));
            }
        }

        return set;
    }

    public bool Contains(uint number) => _ranges.Exists(range => number >= range.From && number <= range.To);

    private static bool TryParse(string text, out uint number)
    {
        number = uint.MaxValue;
        return text.Trim() == "*" || uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
