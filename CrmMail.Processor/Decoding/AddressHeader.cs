using System.Buffers;
using System.Text;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// The addresses in the text of an address header (RFC 5322, 3.4) that nobody has parsed. Forgiving: what is not an address is passed
/// over, and neither a quoted name nor a comment is searched, since anybody can write an address into the name that is shown.
/// </summary>
internal static class AddressHeader
{
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");

    /// <summary>The addresses in the order of the header; none where it says nothing that looks like one.</summary>
    public static IEnumerable<string> AddressesIn(string header)
    {
        var bare = new StringBuilder();
        string? bracketed = null;
        for (var at = 0; at <= header.Length; at++)
        {
            var character = at < header.Length ? header[at] : ',';
            switch (character)
            {
                case ',' or ';':
                    if ((bracketed ?? AddressOf(bare.ToString())) is { } address)
                    {
                        yield return address;
                    }

                    (bracketed, _) = (null, bare.Clear());
                    break;
                case '<':
                    var close = EndOfBrackets(header, at);
                    bracketed = AddressOf(WithoutRoute(header[(at + 1)..close])) ?? bracketed;
                    at = close < header.Length && header[close] == '>' ? close : close - 1;
                    break;
                case '"':
                    at = Skip(header, at, '"');
                    break;
                case '(':
                    at = Skip(header, at, ')');
                    break;
                case ':':
                    bare.Clear(); // What stood before it was the name of a group.
                    break;
                default:
                    bare.Append(character);
                    break;
            }
        }
    }

    /// <summary>The closing bracket; where it is missing, the separator or the end of the header.</summary>
    private static int EndOfBrackets(string header, int open)
    {
        var close = header.IndexOf('>', open);
        var end = close < 0 ? header.IndexOfAny([',', ';'], open) : close;
        return end < 0 ? header.Length : end;
    }

    /// <summary>To the closing character; not a step where there is none, so that an unbalanced quote hides nothing.</summary>
    private static int Skip(string header, int open, char closing)
    {
        for (var at = open + 1; at < header.Length; at++)
        {
            if (header[at] == '\\')
            {
                at++;
            }
            else if (header[at] == closing)
            {
                return at;
            }
        }

        return open;
    }

    /// <summary>Without the relays of <c>@relay.example:bob@example.org</c>, and without brackets that were opened twice.</summary>
    private static string WithoutRoute(string inner)
    {
        var address = inner[(inner.LastIndexOf('<') + 1)..].Trim();
        return address.StartsWith('@') ? address[(address.LastIndexOf(':') + 1)..] : address;
    }

    private static string? AddressOf(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
        {
            return null;
        }

        var (local, domain) = (text[..at].Trim(), text[(at + 1)..].Trim());
        var isAddress = local.Length > 0 && domain.Length > 0 && (local[0] == '"' || !local.AsSpan().ContainsAny(Blanks)) && !domain.AsSpan().ContainsAny(Blanks);
        return isAddress ? $"{local}@{domain}" : null;
    }
}
