using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Filtering;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// Reads the JSON of a webhook in one pass. A value of another type than expected is as good as none, an unknown member is passed over,
/// and of a member that is there twice the last one counts.
/// </summary>
internal static class WebhookReader
{
    /// <summary>Deeper than any mail is nested, and safe for the stack, which does not grow with it.</summary>
    private const int MaxDepth = 512;

    /// <exception cref="JsonException">It is no JSON, no object, nested too deeply, or followed by something else.</exception>
    /// <exception cref="InvalidOperationException">The name of a member is no valid text.</exception>
    public static WebhookData Read(ReadOnlySpan<byte> body)
    {
        var reader = Open(body);
        var webhook = new WebhookData();
        ReadEnvelope(ref reader, webhook);
        reader.Read(); // Throws where something follows.
        return webhook;
    }

    /// <summary>A reader that stands on the beginning of the object.</summary>
    internal static Utf8JsonReader Open(ReadOnlySpan<byte> body)
    {
        var byteOrderMark = Encoding.UTF8.Preamble;
        var json = body.StartsWith(byteOrderMark) ? body[byteOrderMark.Length..] : body;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("The body is no JSON object.");
    }

    /// <summary>Moves to the next member of the object; false at its end.</summary>
    internal static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the reader stands on that member; then it is moved to the value.</summary>
    internal static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read();

    private static void ReadEnvelope(ref Utf8JsonReader reader, WebhookData webhook)
    {
        while (NextMember(ref reader))
        {
            if (Is(ref reader, "account"u8))
            {
                webhook.Account = JsonText.Read(ref reader);
            }
            else if (Is(ref reader, "event"u8))
            {
                webhook.Event = JsonText.Read(ref reader);
            }
            else if (Is(ref reader, "date"u8))
            {
                webhook.EventDate = JsonText.Read(ref reader);
            }
            else if (Is(ref reader, "path"u8))
            {
                webhook.Path ??= JsonText.Read(ref reader);
            }
            else if (Is(ref reader, "specialUse"u8))
            {
                webhook.SpecialUse ??= JsonText.Read(ref reader);
            }
            else if (Is(ref reader, "data"u8) && reader.TokenType == JsonTokenType.StartObject)
            {
                webhook.HasData = true;
                ReadData(ref reader, webhook);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadData(ref Utf8JsonReader reader, WebhookData webhook)
    {
        while (NextMember(ref reader))
        {
            if (!ReadIdentity(ref reader, webhook)
                && !ReadPeople(ref reader, webhook)
                && !ReadContent(ref reader, webhook)
                && !ReadReport(ref reader, webhook))
            {
                reader.Skip();
            }
        }
    }

    private static bool ReadIdentity(ref Utf8JsonReader reader, WebhookData webhook)
    {
        if (Is(ref reader, "id"u8))
        {
            webhook.Id = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "path"u8))
        {
            webhook.Path = JsonText.Read(ref reader) ?? webhook.Path;
        }
        else if (Is(ref reader, "specialUse"u8))
        {
            webhook.SpecialUse = JsonText.Read(ref reader) ?? webhook.SpecialUse;
        }
        else if (Is(ref reader, "messageSpecialUse"u8))
        {
            webhook.MessageSpecialUse = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "labels"u8) || Is(ref reader, "flags"u8))
        {
            ReadTexts(ref reader, webhook.Labels);
        }
        else if (Is(ref reader, "draft"u8))
        {
            webhook.IsDraft = ReadBoolean(ref reader);
        }
        else if (Is(ref reader, "messageId"u8))
        {
            webhook.MessageId = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "originalMessageId"u8))
        {
            webhook.OriginalMessageId = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "emailId"u8))
        {
            webhook.EmailId = JsonText.Read(ref reader);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool ReadPeople(ref Utf8JsonReader reader, WebhookData webhook)
    {
        var people = webhook.Participants;
        var list =
            Is(ref reader, "from"u8) ? people.From
            : Is(ref reader, "to"u8) ? people.To
            : Is(ref reader, "cc"u8) ? people.Cc
            : Is(ref reader, "bcc"u8) ? people.Bcc
            : Is(ref reader, "replyTo"u8) ? people.ReplyTo
            : Is(ref reader, "sender"u8) ? webhook.Sender
            : null;
        if (list is null)
        {
            return false;
        }

        list.Clear();
        MailboxReader.Read(ref reader, list);
        return true;
    }

    private static bool ReadContent(ref Utf8JsonReader reader, WebhookData webhook)
    {
        if (Is(ref reader, "subject"u8))
        {
            webhook.Subject = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "date"u8))
        {
            webhook.MailDate = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "inReplyTo"u8))
        {
            webhook.InReplyTo = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "isAutoReply"u8))
        {
            webhook.IsAutoReply = ReadBoolean(ref reader);
        }
        else if (Is(ref reader, "isBounce"u8))
        {
            webhook.IsBounce = ReadBoolean(ref reader);
        }
        else if (Is(ref reader, "attachments"u8))
        {
            webhook.Attachments = ReadFiles(ref reader, webhook);
        }
        else if (Is(ref reader, "headers"u8) && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadHeaders(ref reader, webhook);
        }
        else if (Is(ref reader, "text"u8) && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadText(ref reader, webhook);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool ReadReport(ref Utf8JsonReader reader, WebhookData webhook)
    {
        if (Is(ref reader, "queueId"u8))
        {
            webhook.QueueId = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "response"u8))
        {
            webhook.Response = ReadMessage(ref reader);
        }
        else if (Is(ref reader, "error"u8))
        {
            webhook.Error = ReadMessage(ref reader);
        }
        else if (Is(ref reader, "recipient"u8))
        {
            webhook.Recipient = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "action"u8))
        {
            webhook.Action = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "user"u8))
        {
            webhook.User = JsonText.Read(ref reader);
        }
        else if (Is(ref reader, "envelope"u8) && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadSmtpEnvelope(ref reader, webhook);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static void ReadSmtpEnvelope(ref Utf8JsonReader reader, WebhookData webhook)
    {
        while (NextMember(ref reader))
        {
            var list = Is(ref reader, "from"u8) ? webhook.EnvelopeFrom : Is(ref reader, "to"u8) ? webhook.EnvelopeTo : null;
            if (list is null)
            {
                reader.Skip();
                continue;
            }

            list.Clear();
            MailboxReader.Read(ref reader, list);
        }
    }

    private static void ReadHeaders(ref Utf8JsonReader reader, WebhookData webhook)
    {
        while (NextMember(ref reader))
        {
            webhook.Signs = webhook.Signs.With(FilterTable.Embedded.SignsInHeader(reader));
            if (IsHeader(ref reader, "references"u8))
            {
                webhook.References = FirstText(ref reader);
            }
            else if (IsHeader(ref reader, "list-id"u8) || IsHeader(ref reader, "list-post"u8) || IsHeader(ref reader, "list-unsubscribe"u8))
            {
                webhook.HasListHeader |= FirstText(ref reader) is not null;
            }
            else if (IsHeader(ref reader, "from"u8))
            {
                ReadTexts(ref reader, webhook.FromHeaders);
            }
            else if (IsHeader(ref reader, "x-original-from"u8))
            {
                webhook.OriginalFrom = FirstText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadText(ref Utf8JsonReader reader, WebhookData webhook)
    {
        while (NextMember(ref reader))
        {
            if (Is(ref reader, "plain"u8))
            {
                webhook.PlainOpening = JsonText.ReadStart(ref reader, Snippet.PlainBytes, Snippet.Opening);
            }
            else if (string.IsNullOrEmpty(webhook.PlainOpening) && Is(ref reader, "html"u8))
            {
                webhook.Html = JsonText.ReadStart(ref reader, Snippet.HtmlBytes);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool IsHeader(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.TokenType == JsonTokenType.PropertyName && Ascii.EqualsIgnoreCase(reader.ValueSpan, name) && reader.Read();

    private static bool ReadBoolean(ref Utf8JsonReader reader)
    {
        var value = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return value;
    }

    private static void ReadTexts(ref Utf8JsonReader reader, List<string> into)
    {
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonText.Read(ref reader) is { } text)
            {
                into.Add(text);
            }
        }

        reader.Skip();
    }

    /// <summary>The first text of an array, or the text itself. Headers come as arrays: a mail may repeat them.</summary>
    private static string? FirstText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return JsonText.Read(ref reader);
        }

        string? first = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            first ??= JsonText.Read(ref reader);
            reader.Skip();
        }

        return first;
    }

    private static string? ReadMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return JsonText.Read(ref reader);
        }

        string? message = null;
        while (NextMember(ref reader))
        {
            if (Is(ref reader, "message"u8))
            {
                message = JsonText.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return message;
    }

    private static AttachedFiles ReadFiles(ref Utf8JsonReader reader, WebhookData webhook)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return AttachedFiles.None;
        }

        var files = new AttachedFiles();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            files.Add(ReadFile(ref reader, webhook));
        }

        return files;
    }

    private static AttachedFile ReadFile(ref Utf8JsonReader reader, WebhookData webhook)
    {
        AttachedFile file = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return file;
        }

        while (NextMember(ref reader))
        {
            if (Is(ref reader, "filename"u8))
            {
                webhook.Signs = webhook.Signs.With(FilterTable.Embedded.SignsInField(MailField.AttachmentName, reader));
                file = file with { Name = JsonText.Read(ref reader) };
            }
            else if (Is(ref reader, "contentType"u8))
            {
                webhook.Signs = webhook.Signs.With(FilterTable.Embedded.SignsInField(MailField.AttachmentType, reader));
                file = file with { ContentType = JsonText.Read(ref reader) };
            }
            else if (Is(ref reader, "encodedSize"u8))
            {
                file = file with { Size = ReadSize(ref reader) };
            }
            else if (Is(ref reader, "method"u8))
            {
                webhook.Signs = webhook.Signs.With(FilterTable.Embedded.SignsInField(MailField.AttachmentMethod, reader));
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        return file;
    }

    private static long? ReadSize(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var size) && size >= 0)
        {
            return size;
        }

        reader.Skip();
        return null;
    }
}
