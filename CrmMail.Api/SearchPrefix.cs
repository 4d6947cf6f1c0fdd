using System.Diagnostics.CodeAnalysis;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api;

/// <summary>The parameter <c>q</c> of a list: the beginning of what is looked for.</summary>
internal static class SearchPrefix
{
    private const int MaxLength = 200;

    /// <summary>Reads it in NFC and without blanks before it; empty when nothing is looked for, false with the problem when it can be no text.</summary>
    public static bool TryRead(string? q, out string prefix, [NotNullWhen(false)] out Problem? problem)
    {
        prefix = "";
        problem = null;
        if (string.IsNullOrWhiteSpace(q))
        {
            return true;
        }

        if (q.Length > MaxLength || !SafeText.IsSafe(q))
        {
            problem = Problem.Invalid("q", $"The text has at most {MaxLength} characters, and U+0000 is none of them.");
            return false;
        }

        prefix = q.TrimStart().Normalize();
        return true;
    }
}
