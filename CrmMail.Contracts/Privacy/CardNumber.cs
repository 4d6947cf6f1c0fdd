namespace CrmMail.Contracts;

/// <summary>
/// Numbers of payment cards (ISO/IEC 7812): 12 to 19 digits of which the last checks the others (Luhn), in one piece or in groups of four
/// to six, the last of any length, with a blank or a dash between them.
/// </summary>
internal static class CardNumber
{
    private const int MinDigits = 12;
    private const int MaxDigits = 19;
    private const int LongestTelephoneNumber = 15; // E.164

    /// <summary>Finds the card numbers in a run of digits that may be parted by single blanks and dashes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The first digit of the run.</param>
    /// <param name="spans">Where they are added.</param>
    /// <returns>The end of the run.</returns>
    public static int Find(ReadOnlySpan<char> text, int start, ref RedactedSpans spans)
    {
        var isTelephone = start > 0 && text[start - 1] == '+' && DigitsOfRun(text, start) <= LongestTelephoneNumber;
        for (var group = start; ;)
        {
            var end = EndOfDigits(text, group);
            if (!isTelephone && text[group] != '0' && IsFreeBefore(text, group) && TryMatch(text, group, out var matched))
            {
                spans.Add(group, matched);
            }

            if (!IsParted(text, end))
            {
                return end;
            }

            group = end + 1;
        }
    }

    /// <summary>The longest card number that begins with this group.</summary>
    private static bool TryMatch(ReadOnlySpan<char> text, int start, out int end)
    {
        end = -1;

        // Which digits count twice is known at the end: every second one, going back from the last.
        var digits = 0;
        Span<int> sums = stackalloc int[2];
        for (var at = start; ;)
        {
            var groupStart = at;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++, digits++)
            {
                if (digits == MaxDigits)
                {
                    return end >= 0;
                }

                var value = text[at] - '0';
                sums[digits & 1] += value;
                sums[(digits & 1) ^ 1] += value > 4 ? (2 * value) - 9 : 2 * value;
            }

            if (digits >= MinDigits && IsFreeBehind(text, at) && sums[(digits & 1) ^ 1] % 10 == 0)
            {
                end = at;
            }

            if (at - groupStart is < 4 or > 6 || !IsParted(text, at))
            {
                return end >= 0;
            }

            at++;
        }
    }

    private static int DigitsOfRun(ReadOnlySpan<char> text, int start)
    {
        var digits = 0;
        for (var at = start; ; at++)
        {
            var end = EndOfDigits(text, at);
            digits += end - at;
            if (!IsParted(text, end))
            {
                return digits;
            }

            at = end;
        }
    }

    private static int EndOfDigits(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && char.IsAsciiDigit(text[start]))
        {
            start++;
        }

        return start;
    }

    /// <summary>Whether one blank or dash stands there, and then another digit.</summary>
    private static bool IsParted(ReadOnlySpan<char> text, int at) => at + 1 < text.Length && Separator.Is(text[at]) && char.IsAsciiDigit(text[at + 1]);

    // Not in the middle of a word, and not the digits of a fraction.
    private static bool IsFreeBefore(ReadOnlySpan<char> text, int at) =>
        at == 0 || !(Separator.IsWord(text[at - 1]) || (text[at - 1] == '.' && at > 1 && (char.IsAsciiDigit(text[at - 2]) || text[..(at - 1)].EndsWith(Redactor.Marker))));

    private static bool IsFreeBehind(ReadOnlySpan<char> text, int at) =>
        at == text.Length || !(Separator.IsWord(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])));
}
