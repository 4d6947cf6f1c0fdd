using System.Buffers;

namespace CrmMail.Processor.Decoding;

/// <summary>Message-IDs out of References and In-Reply-To, which hold several, or prose, or nothing.</summary>
internal static class MessageIds
{
    private static readonly SearchValues<char> NeverInAnId = SearchValues.Create(" \t\r\n<>");

    /// <summary>
    /// The first id in angle brackets. A text without brackets is an id only if it looks like one: <c>Your message of Monday</c> (RFC 822
    /// allowed it) is none.
    /// </summary>
    public static string? FirstIn(string? text)
    {
        var rest = text.AsSpan();
        for (var open = rest.IndexOf('<'); open >= 0; open = rest.IndexOf('<'))
        {
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('>');
            if (close < 0)
            {
                return null;
            }

            if (!rest[..close].Trim().IsEmpty)
            {
                return rest[..close].Trim().ToString();
            }

            rest = rest[(close + 1)..];
        }

        var bare = text.AsSpan().Trim();
        return bare.Contains('@') && !bare.ContainsAny(NeverInAnId) ? bare.ToString() : null;
    }
}
