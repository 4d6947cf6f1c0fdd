using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>
/// By what two names of people are the same: their words, whatever the case, the order and the marks between them (<c>Berg, Ann</c> is
/// <c>ann berg</c>). <c>person_name_key</c> of the database says the same.
/// </summary>
public static class PersonNameKey
{
    /// <summary>A longer name, in UTF-16 characters, is not that of a person.</summary>
    public const int MaxLength = 100;

    private static readonly SearchValues<char> BetweenWords = SearchValues.Create(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>The key; null where no word is left, and of what is too long.</summary>
    /// <param name="name">In NFC, without control characters.</param>
    public static string? Of(string name)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var text = name.ToLowerInvariant();
        var words = new List<string>();
        for (var at = 0; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            var length = rest.IndexOfAny(BetweenWords) is >= 0 and var end ? end : rest.Length;
            if (length > 0)
            {
                words.Add(rest[..length].ToString());
            }

            at += length;
        }

        words.Sort(StringComparer.Ordinal);
        return words.Count == 0 ? null : string.Join(' ', words);
    }
}
