using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>Private keys in the armour of PEM (RFC 7468) and OpenPGP: from the beginning to the end, or to that of the text where it was cut.</summary>
internal static class KeyBlock
{
    private const int LongestLabel = 64;
    private const string Dashes = "-----";
    private const string EndMark = "-----END ";

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ");

    public static Place? Read(ReadOnlySpan<char> text, int start, int behind)
    {
        var label = text[behind..Math.Min(text.Length, behind + LongestLabel)];
        var end = label.IndexOfAnyExcept(LabelCharacters);
        if (!(end < 0 ? label : label[..end]).Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var endMark = text[behind..].IndexOf(EndMark, StringComparison.OrdinalIgnoreCase);
        if (endMark < 0)
        {
            return new Place(start, text.Length);
        }

        var endLabel = behind + endMark + EndMark.Length;
        var dashes = text[endLabel..Math.Min(text.Length, endLabel + LongestLabel)].IndexOf(Dashes);
        return new Place(start, dashes < 0 ? endLabel : endLabel + dashes + Dashes.Length);
    }
}
