using System.Text.RegularExpressions;

namespace CrmMail.Contracts;

/// <summary>
/// Removes from a text what must not be stored: card numbers, IBANs, secrets, and what the patterns of the configuration match. A pure
/// function, and linear in the length of any text; of an ordinary one it is two vectorised passes, and the answer is the same instance.
/// </summary>
public sealed class Redactor
{
    /// <summary>What stands for everything that was removed.</summary>
    public const string Marker = "[redacted]";

    // A search may read to the end of the text, so a text with many matches would be read as often. What follows the last of these is removed too.
    private const int MaxMatches = 100;

    private readonly Regex[] _patterns;

    /// <param name="options">Valid options.</param>
    public Redactor(RedactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _patterns = [.. options.Patterns.Select(RedactionOptions.Compile)];
    }

    /// <summary>The text without what must not be stored; the same instance where there is nothing of it.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spans = new RedactedSpans();
        FindNumbers(text, ref spans);
        Secrets.Find(text, ref spans);
        foreach (var pattern in _patterns)
        {
            Find(pattern, text, ref spans);
        }

        return spans.Replace(text, Marker);
    }

    /// <summary>Both card numbers and IBANs have digits, and most of a text has none.</summary>
    private static void FindNumbers(ReadOnlySpan<char> text, ref RedactedSpans spans)
    {
        for (var at = 0; text[at..].IndexOfAnyInRange('0', '9') is var distance and >= 0;)
        {
            at += distance;
            if (Iban.TryFind(text, at, out var start, out var end))
            {
                spans.Add(start, end);
                at = end;
            }
            else
            {
                at = CardNumber.Find(text, at, ref spans);
            }
        }
    }

    private static void Find(Regex pattern, ReadOnlySpan<char> text, ref RedactedSpans spans)
    {
        var matches = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (match.Length == 0 || IsInMarker(text, match.Index, match.Length))
            {
                continue;
            }

            matches++;
            spans.Add(match.Index, matches < MaxMatches ? match.Index + match.Length : text.Length);
            if (matches == MaxMatches)
            {
                return;
            }
        }
    }

    /// <summary>Whether the place touches a marker: what was removed once is not removed again.</summary>
    private static bool IsInMarker(ReadOnlySpan<char> text, int start, int length)
    {
        var from = Math.Max(0, start - Marker.Length + 1);
        var to = Math.Min(text.Length, start + length + Marker.Length - 1);
        return text[from..to].Contains(Marker, StringComparison.Ordinal);
    }
}
