using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>Secrets that stand behind a word that says so.</summary>
internal static class SecretValue
{
    // So much of a value is looked at before it is taken for one: a hint in a text without blanks must not read it to the end.
    private const int LookAhead = 256;

    private const int MinPasswordLength = 4;
    private const int MinTokenLength = 8;
    private const int MinBearerLength = 16;

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\v\f\u0085\u00A0\u2007\u2009\u202F\u2028\u2029");
    private static readonly SearchValues<char> EndsOfAuthority = SearchValues.Create("/?#@\\\"<> \t\r\n");
    private static readonly SearchValues<char> BearerCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private static readonly string[] Says = ["is ", "ist ", "lautet ", "est ", "es "];
    private static readonly string[] Schemes = ["basic ", "bearer ", "digest ", "negotiate ", "ntlm ", "token ", "apikey ", "hmac ", "aws4-hmac-sha256 "];

    /// <summary><c>password: x</c>, <c>"password"="x y"</c>, <c>the password is x1</c>: with a sign any word, else one that has a digit.</summary>
    public static Place? OfPassword(ReadOnlySpan<char> text, int start, int behind) =>
        StartBehindSign(text, behind) is { } signed ? Quoted(text, signed) ?? new Place(signed, EndOfWord(text, signed))
        : StartBehindVerb(text, behind) is { } said ? Token(text, said, MinPasswordLength)
        : null;

    /// <summary><c>api_key=x1y2z3w4</c>: a word of eight characters or more, one of them a digit.</summary>
    public static Place? OfToken(ReadOnlySpan<char> text, int start, int behind) =>
        StartBehindSign(text, behind) is { } signed ? Token(text, signed, MinTokenLength) : null;

    /// <summary><c>Authorization: Basic x</c>: the scheme stays, and what follows goes, as far as commas lead.</summary>
    public static Place? OfAuthorization(ReadOnlySpan<char> text, int start, int behind)
    {
        if (StartBehindSign(text, behind) is not { } value)
        {
            return null;
        }

        value += IsQuote(text[value]) ? 1 : 0;
        var scheme = LengthOfFirst(Schemes, text[value..]);
        var first = SkipBlanks(text, value + scheme);
        if (first == text.Length || (scheme == 0 && !IsToken(Start(text, first), MinTokenLength)))
        {
            return null;
        }

        var end = EndOfWord(text, first);
        while (text[end - 1] == ',' && SkipBlanks(text, end) is var next && next < text.Length)
        {
            end = EndOfWord(text, next);
        }

        return new Place(first, end);
    }

    /// <summary><c>Bearer x</c> without the header: long, and with a digit, for bearers are also of news.</summary>
    public static Place? OfBearer(ReadOnlySpan<char> text, int start, int behind)
    {
        var length = text[behind..].IndexOfAnyExcept(BearerCharacters);
        var end = length < 0 ? text.Length : behind + length;
        return IsToken(Start(text[..end], behind), MinBearerLength) ? new Place(behind, end) : null;
    }

    /// <summary><c>https://user:x@host</c>.</summary>
    public static Place? OfUrl(ReadOnlySpan<char> text, int start, int behind)
    {
        var authority = BeforeMarker(text[behind..Math.Min(text.Length, behind + LookAhead)]);
        var end = authority.IndexOfAny(EndsOfAuthority);
        var colon = end > 0 && authority[end] == '@' ? authority[..end].IndexOf(':') : -1;
        return colon >= 0 && colon + 1 < end ? new Place(behind + colon + 1, behind + end) : null;
    }

    /// <summary>Where the value begins behind <c>:</c> or <c>=</c>; null where no such sign follows.</summary>
    private static int? StartBehindSign(ReadOnlySpan<char> text, int at)
    {
        at += at < text.Length && IsQuote(text[at]) ? 1 : 0;
        at = SkipBlanks(text, at);
        if (at == text.Length || text[at] is not (':' or '=' or '：'))
        {
            return null;
        }

        at = SkipBlanks(text, at + 1);
        return at < text.Length ? at : null;
    }

    private static int? StartBehindVerb(ReadOnlySpan<char> text, int at)
    {
        at = SkipBlanks(text, at);
        var verb = LengthOfFirst(Says, text[at..]);
        var value = verb > 0 ? SkipBlanks(text, at + verb) : text.Length;
        return value < text.Length ? value : null;
    }

    private static Place? Token(ReadOnlySpan<char> text, int start, int minLength) =>
        Quoted(text, start) is { } quoted ? IsToken(text[quoted.Start..quoted.End], minLength) ? quoted : null
        : IsToken(Start(text, start), minLength) ? new Place(start, EndOfWord(text, start))
        : null;

    /// <summary>What stands between quotes, where a quote begins there and ends soon.</summary>
    private static Place? Quoted(ReadOnlySpan<char> text, int start)
    {
        var first = start + 1;
        var length = IsQuote(text[start]) ? text[first..Math.Min(text.Length, first + LookAhead)].IndexOf(text[start]) : -1;
        return length > 0 ? new Place(first, first + length) : null;
    }

    /// <summary>The word that begins there, or so much of it as is looked at.</summary>
    private static ReadOnlySpan<char> Start(ReadOnlySpan<char> text, int start)
    {
        var seen = text[start..Math.Min(text.Length, start + LookAhead)];
        var length = seen.IndexOfAny(Blanks);
        return length < 0 ? seen : seen[..length];
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        if (text[start..].StartsWith(Redactor.Marker))
        {
            return start + Redactor.Marker.Length;
        }

        var length = text[start..].IndexOfAny(Blanks);
        return length < 0 ? text.Length : start + length;
    }

    private static bool IsToken(ReadOnlySpan<char> word, int minLength) =>
        BeforeMarker(word) is var told && told.Length >= minLength && told.ContainsAnyInRange('0', '9');

    /// <summary>What was removed from a text makes no secret of its neighbours.</summary>
    private static ReadOnlySpan<char> BeforeMarker(ReadOnlySpan<char> word)
    {
        var length = word.IndexOf(Redactor.Marker);
        return length < 0 ? word : word[..length];
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAnyExcept(Blanks);
        return length < 0 ? text.Length : start + length;
    }

    private static int LengthOfFirst(string[] words, ReadOnlySpan<char> text)
    {
        foreach (var word in words)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return word.Length;
            }
        }

        return 0;
    }

    private static bool IsQuote(char character) => character is '"' or '\'' or '`';
}
