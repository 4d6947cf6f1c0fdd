using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>Tokens and keys that are known by how they begin: their makers let them begin so in order that they are found.</summary>
/// <param name="Prefix">How they begin, in this case.</param>
/// <param name="MinLength">The fewest characters that follow.</param>
/// <param name="Dots">How many dots part them, at least.</param>
internal sealed record KnownToken(string Prefix, int MinLength, int Dots = 0)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Letters);
    private static readonly SearchValues<char> CharactersAndDots = SearchValues.Create(Letters + ".");

    /// <summary>All that are known.</summary>
    public static readonly KnownToken[] All =
    [
        new("AKIA", 16), new("ASIA", 16), // Amazon Web Services
        new("AIza", 35), new("ya29.", 20, Dots: 1), // Google
        new("ghp_", 30), new("gho_", 30), new("ghu_", 30), new("ghs_", 30), new("ghr_", 30), new("github_pat_", 22), // GitHub
        new("glpat-", 20), // GitLab
        new("xoxb-", 10), new("xoxp-", 10), new("xoxa-", 10), new("xoxr-", 10), new("xoxs-", 10), new("xapp-", 10), // Slack
        new("sk_live_", 10), new("sk_test_", 10), new("rk_live_", 10), new("rk_test_", 10), new("whsec_", 16), // Stripe
        new("sk-", 20), // OpenAI, Anthropic
        new("SG.", 40, Dots: 2), // SendGrid
        new("npm_", 30), new("pypi-", 40), new("hf_", 30), new("dop_v1_", 40), new("shpat_", 30),
        new("eyJ", 30, Dots: 2), // JSON Web Token (RFC 7519)
    ];

    public Place? Read(ReadOnlySpan<char> text, int start, int behind)
    {
        // Not in the middle of such characters: so each run of them is read once, whatever prefixes it holds.
        var characters = Dots > 0 ? CharactersAndDots : Characters;
        if (!text[start..behind].SequenceEqual(Prefix) || (start > 0 && characters.Contains(text[start - 1])))
        {
            return null;
        }

        var length = text[behind..].IndexOfAnyExcept(characters);
        var end = length < 0 ? text.Length : behind + length;
        return end - behind >= MinLength && text[start..end].Count('.') >= Dots ? new Place(start, end) : null;
    }
}
