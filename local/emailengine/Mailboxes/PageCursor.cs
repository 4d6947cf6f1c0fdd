using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>A page number in EmailEngine's clothes: <c>imap_</c> and base64url of <c>{"page":1}</c>.</summary>
internal static class PageCursor
{
    private const string Prefix = "imap_";

    public static string Of(int page) => Prefix + Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"page":{{page}}}"""));

    /// <exception cref="ApiError">400: it is no cursor of this API.</exception>
    public static int Parse(string cursor)
    {
        try
        {
            var json = Base64Url.DecodeFromChars(cursor.AsSpan(cursor.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix.Length : 0));
            return JsonNode.Parse(json) is JsonObject { } value && value["page"] is { } page ? Math.Max(0, page.GetValue<int>()) : throw Invalid();
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            throw Invalid();
        }
    }

    private static ApiError Invalid() => ApiError.BadRequest("Invalid paging cursor");
}
