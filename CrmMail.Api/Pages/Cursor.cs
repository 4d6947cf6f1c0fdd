using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace CrmMail.Api.Pages;

/// <summary>
/// Where a page ends, as a text that callers hand back and need not understand: the list and the sort key of the last entry. It holds
/// nothing that the page itself did not show, and a forged one only starts elsewhere in the same list.
/// </summary>
internal static class Cursor
{
    private const int MaxLength = 4096;

    public static string Encode<TPosition>(string list, TPosition position) where TPosition : class =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}:{JsonSerializer.Serialize(position, ApiJson.Options)}"));

    /// <summary>Reads a cursor; false unless it is one of this list.</summary>
    public static bool TryDecode<TPosition>(string list, string cursor, [NotNullWhen(true)] out TPosition? position) where TPosition : class
    {
        position = null;
        if (cursor.Length > MaxLength || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        if (!text.StartsWith($"{list}:", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            position = JsonSerializer.Deserialize<TPosition>(text[(list.Length + 1)..], ApiJson.Options);
            return position is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
