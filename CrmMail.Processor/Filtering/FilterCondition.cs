namespace CrmMail.Processor.Filtering;

/// <summary>A test of a text, compiled from a <see cref="ConditionEntry"/>.</summary>
internal sealed class FilterCondition
{
    private readonly string[] _values;
    private readonly ValueTest _test;
    private readonly bool _isTopmost;

    private FilterCondition(MailSigns sign, ValueTest test, string[] values, bool isTopmost) =>
        (Sign, _test, _values, _isTopmost) = (sign, test, values, isTopmost);

    private delegate bool ValueTest(ReadOnlySpan<char> text, string value);

    /// <summary>The bit that stands for it.</summary>
    public MailSigns Sign { get; }

    /// <summary>The condition of the entry; null when it has no test, several, or one without a value.</summary>
    public static FilterCondition? Of(ConditionEntry entry, MailSigns sign)
    {
        List<(ValueTest Test, IReadOnlyList<string>? Values)> tests =
        [
            (static (text, _) => !text.IsEmpty, entry.Present ? [""] : null),
            (static (text, value) => Is(text, value), entry.Is),
            (static (text, value) => !WithoutParameters(text).IsEmpty && !Is(text, value), entry.IsNot is { } other ? [other] : null),
            (static (text, value) => text.StartsWith(value, StringComparison.OrdinalIgnoreCase), entry.StartsWith),
            (static (text, value) => text.Contains(value, StringComparison.OrdinalIgnoreCase), entry.Contains),
            (HasWord, entry.Word),
        ];
        tests.RemoveAll(static test => test.Values is null);
        return tests is [(var test, { Count: > 0 } values)] ? new FilterCondition(sign, test, [.. values], entry.Topmost) : null;
    }

    /// <summary>Its sign if the text meets it by one of the values, else none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Which of several headers of the name it is.</param>
    public MailSigns SignOf(ReadOnlySpan<char> text, int index)
    {
        if (index > 0 && _isTopmost)
        {
            return default;
        }

        var trimmed = text.Trim();
        foreach (var value in _values)
        {
            if (_test(trimmed, value))
            {
                return Sign;
            }
        }

        return default;
    }

    private static bool Is(ReadOnlySpan<char> text, string value) => WithoutParameters(text).Equals(value, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> text)
    {
        var parameters = text.IndexOf(';');
        return parameters < 0 ? text : text[..parameters].TrimEnd();
    }

    private static bool HasWord(ReadOnlySpan<char> text, string word)
    {
        for (var from = 0; text[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase) is var at and >= 0; from += at + word.Length)
        {
            var (first, behind) = (from + at, from + at + word.Length);
            if ((first == 0 || !char.IsLetter(text[first - 1])) && (behind == text.Length || !char.IsLetter(text[behind])))
            {
                return true;
            }
        }

        return false;
    }
}
