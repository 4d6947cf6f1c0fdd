using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>A page of the listing: <c>{"messages": [...], "next_cursor": "...", "has_more": true}</c>.</summary>
/// <param name="Mails">The payloads, each byte for byte as in the page.</param>
/// <param name="NextCursor">Where the next page begins; null when the page does not say.</param>
/// <param name="HasMore">Whether the next page is there already.</param>
internal sealed record ListingPage(IReadOnlyList<byte[]> Mails, string? NextCursor, bool HasMore)
{
    // How deep a payload may be nested is for its reader to say.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads a page; false when it is no JSON object with an array <c>messages</c>. What it has besides is passed over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ListingPage? page)
    {
        try
        {
            return TryReadObject(json, out page);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            page = null;
            return false;
        }
    }

    private static bool TryReadObject(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ListingPage? page)
    {
        page = null;
        var reader = new Utf8JsonReader(json, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        List<byte[]>? mails = null;
        string? cursor = null;
        var hasMore = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("messages"u8))
            {
                mails = ReadMails(ref reader, json);
            }
            else if (reader.ValueTextEquals("next_cursor"u8))
            {
                reader.Read();
                cursor = reader.GetString();
            }
            else if (reader.ValueTextEquals("has_more"u8))
            {
                reader.Read();
                hasMore = reader.GetBoolean();
            }
            else
            {
                reader.Skip();
            }
        }

        // Throws when anything but white space follows the object.
        reader.Read();
        page = mails is null ? null : new ListingPage(mails, cursor, hasMore);
        return page is not null;
    }

    private static List<byte[]>? ReadMails(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var mails = new List<byte[]>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            mails.Add(json[start..(int)reader.BytesConsumed].ToArray());
        }

        return mails;
    }
}
