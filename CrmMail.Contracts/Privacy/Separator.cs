namespace CrmMail.Contracts;

/// <summary>What stands between the groups of a number, and what a number is not part of.</summary>
internal static class Separator
{
    /// <summary>A blank (also one that does not break the line, or a thin one) or a dash.</summary>
    public static bool Is(char character) => character is ' ' or '-' or '\u00A0' or '\u2007' or '\u2009' or '\u202F' or (>= '\u2010' and <= '\u2015');

    /// <summary>A letter, a digit, or what joins them.</summary>
    public static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
