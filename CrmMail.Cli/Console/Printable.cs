using System.Globalization;
using System.Text;

namespace CrmMail.Cli.Console;

/// <summary>
/// Text that came from mails and webhooks. A terminal would obey the control characters in it, and those that turn the direction of
/// writing would show something else than there is.
/// </summary>
internal static class Printable
{
    private const string Ellipsis = "…";

    /// <summary>The text in one line, with every such character as its number: <c>\u001b</c>.</summary>
    public static string Line(string? text) => Escape(text ?? "", keepsLines: false);

    /// <summary>The same, in the lines that it has.</summary>
    public static string Lines(string? text) => Escape((text ?? "").ReplaceLineEndings("\n"), keepsLines: true);

    /// <summary>How many columns it takes, as far as one character takes one.</summary>
    public static int Width(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>The beginning of the text, with a mark where something is left out.</summary>
    public static string Cut(string text, int width)
    {
        var elements = new StringInfo(text);
        return elements.LengthInTextElements <= width ? text : elements.SubstringByTextElements(0, width - 1) + Ellipsis;
    }

    private static string Escape(string text, bool keepsLines)
    {
        if (!text.EnumerateRunes().Any(rune => IsUnsafe(rune, keepsLines)))
        {
            return text;
        }

        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            _ = IsUnsafe(rune, keepsLines)
                ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : escaped.Append(rune.ToString());
        }

        return escaped.ToString();
    }

    private static bool IsUnsafe(Rune rune, bool keepsLines) => !(keepsLines && rune.Value is '\n' or '\t') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
