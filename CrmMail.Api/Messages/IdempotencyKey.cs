using System.Diagnostics.CodeAnalysis;

namespace CrmMail.Api.Messages;

/// <summary>The header by which a request that is sent again is known. EmailEngine gets the same key.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    /// <summary>Reads the header: a new key when there is none, false when it is none. Quotes around it (as of a structured field, RFC 9651) are no part of it.</summary>
    public static bool TryRead(string? header, [NotNullWhen(true)] out string? key)
    {
        key = header is null ? Guid.CreateVersion7().ToString() : WithoutQuotes(header.Trim());
        return key.Length is > 0 and <= MaxLength && key.All(character => character is > ' ' and <= '~');
    }

    private static string WithoutQuotes(string text) => text is ['"', .. var quoted, '"'] ? quoted : text;
}
