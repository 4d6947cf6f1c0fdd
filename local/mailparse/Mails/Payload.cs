using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MailParseSimulator.Mails;

/// <summary>A payload as MailParse makes it of what a control request says of a mail.</summary>
internal static class Payload
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// The mail with a <c>message_id</c> and a <c>received_at</c> if it has none; whatever else is odd or missing stays so. Null when it
    /// is no JSON object.
    /// </summary>
    public static byte[]? Make(ReadOnlySpan<byte> mail, DateTimeOffset now)
    {
        try
        {
            if (JsonNode.Parse(mail) is not JsonObject payload)
            {
                return null;
            }

            payload.TryAdd("message_id", $"<{Guid.NewGuid():N}@mailparse.example>");
            payload.TryAdd("received_at", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(payload);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The same values written differently, as another program does: white space, and the members of the mail in another order.</summary>
    public static JsonNode? Rewrite(byte[] payload) =>
        JsonNode.Parse(payload) is JsonObject mail
            ? new JsonObject(mail.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))
            : JsonNode.Parse(payload);

    /// <summary>A page of the listing as bytes.</summary>
    public static byte[] ToPage(JsonObject page) => JsonSerializer.SerializeToUtf8Bytes<JsonNode>(page, Indented);
}
