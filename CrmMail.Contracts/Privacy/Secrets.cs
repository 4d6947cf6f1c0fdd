using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>Secrets that people send by mail, and programs print: the table is in docs/privacy.md.</summary>
internal static class Secrets
{
    private static readonly SecretRules Words = new(StringComparison.OrdinalIgnoreCase,
    [
        .. Of(
            SecretValue.OfPassword,
            "password", "passwort", "passwd", "passphrase", "passcode", "mot de passe", "kennwort", "contraseña", "wachtwoord", "senha", "pwd"),
        .. Of(SecretValue.OfToken, "secret", "token", "api key", "api-key", "api_key", "apikey", "access key", "access_key", "accesskey"),
        .. Of(SecretValue.OfAuthorization, "authorization"),
        .. Of(SecretValue.OfBearer, "bearer "),
        .. Of(KeyBlock.Read, "-----begin "),
    ]);

    private static readonly SecretRules Tokens = new(StringComparison.Ordinal, [.. KnownToken.All.Select(token => (token.Prefix, (SecretRule)token.Read))]);

    // A search of its own, as that for tokens is: behind what one rule found, it goes on, and would pass over what lies within.
    private static readonly SecretRules Urls = new(StringComparison.Ordinal, [.. Of(SecretValue.OfUrl, "://")]);

    public static void Find(ReadOnlySpan<char> text, ref RedactedSpans spans)
    {
        Words.Find(text, ref spans);
        Urls.Find(text, ref spans);
        Tokens.Find(text, ref spans);
    }

    private static IEnumerable<(string Hint, SecretRule Rule)> Of(SecretRule rule, params string[] hints) => hints.Select(hint => (hint, rule));
}

/// <summary>Reads the secret that a hint announces.</summary>
/// <param name="text">The text.</param>
/// <param name="start">Where the hint begins.</param>
/// <param name="behind">Where it ends.</param>
/// <returns>The place of the secret; none when the hint was no such thing.</returns>
internal delegate Place? SecretRule(ReadOnlySpan<char> text, int start, int behind);

/// <summary>Rules by the hints upon which they are tried: one vectorised search for all of them.</summary>
internal sealed class SecretRules(StringComparison comparison, (string Hint, SecretRule Rule)[] rules)
{
    // Only ASCII is searched for fast.
    private readonly SearchValues<string> _hints = SearchValues.Create([.. rules.Select(rule => string.Concat(rule.Hint.TakeWhile(char.IsAscii)))], comparison);

    public void Find(ReadOnlySpan<char> text, ref RedactedSpans spans)
    {
        for (var at = 0; text[at..].IndexOfAny(_hints) is var distance and >= 0;)
        {
            at += distance;
            if (Read(text, at) is { } secret)
            {
                spans.Add(secret.Start, secret.End);
                at = secret.End;
            }
            else
            {
                at++;
            }
        }
    }

    private Place? Read(ReadOnlySpan<char> text, int at)
    {
        foreach (var (hint, rule) in rules)
        {
            if (text[at..].StartsWith(hint, comparison) && rule(text, at, at + hint.Length) is { } secret)
            {
                return secret;
            }
        }

        return null;
    }
}

/// <summary>A part of a text; never empty.</summary>
internal readonly record struct Place(int Start, int End);
