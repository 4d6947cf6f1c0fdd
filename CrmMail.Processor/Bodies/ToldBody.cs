using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Bodies;

/// <summary>Text and HTML of a mail as its event tells them.</summary>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The HTML.</param>
/// <param name="HasMore">Whether the source has cut them.</param>
internal readonly record struct ToldBody(string? Text, string? Html, bool HasMore)
{
    private const int LongestEscape = 6; // backslash, u, four hex digits

    /// <summary>Reads the event once more: only accounts of the level <c>body</c> need it, and which they are is not known when it is decoded.</summary>
    /// <param name="source">Who tells it.</param>
    /// <param name="json">The body of the event, which was decoded before.</param>
    /// <param name="maxLength">How much of each is read at most, in UTF-16 characters; a little more shows that there is more.</param>
    public static ToldBody Read(MailSource source, ReadOnlySpan<byte> json, int maxLength)
    {
        var reader = WebhookReader.Open(json);
        return source == MailSource.MailParse ? ReadMembers(ref reader, "text"u8, maxLength) : ReadWebhook(ref reader, maxLength);
    }

    private static ToldBody ReadWebhook(ref Utf8JsonReader reader, int maxLength)
    {
        ToldBody body = default;
        while (WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "data"u8) && reader.TokenType == JsonTokenType.StartObject)
            {
                while (WebhookReader.NextMember(ref reader))
                {
                    if (WebhookReader.Is(ref reader, "text"u8) && reader.TokenType == JsonTokenType.StartObject)
                    {
                        body = ReadMembers(ref reader, "plain"u8, maxLength);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return body;
    }

    private static ToldBody ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, int maxLength)
    {
        ToldBody body = default;
        while (WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, text))
            {
                body = body with { Text = ReadStart(ref reader, maxLength) };
            }
            else if (WebhookReader.Is(ref reader, "html"u8))
            {
                body = body with { Html = ReadStart(ref reader, maxLength) };
            }
            else if (WebhookReader.Is(ref reader, "hasMore"u8))
            {
                body = body with { HasMore = reader.TokenType == JsonTokenType.True };
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return body;
    }

    private static string? ReadStart(ref Utf8JsonReader reader, int maxLength)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonText.ReadStart(ref reader, LongestEscape * (maxLength + 2));
        }

        reader.Skip();
        return null;
    }
}
