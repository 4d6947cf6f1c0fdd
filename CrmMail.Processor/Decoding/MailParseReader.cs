using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Filtering;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// Reads the JSON of a mail that MailParse took in, in one pass. Every member may be missing or null, an unknown one is passed over, of one
/// that is there twice the last one counts, and a text may say anything. Only a value of another type than the contract names breaks it.
/// </summary>
internal static class MailParseReader
{
    private const string Text = "neither a text nor null";
    private const string WholeNumber = "neither a whole number of at least 0 nor null";
    private const string Number = "neither a number nor null";
    private const string Flag = "neither true, false nor null";
    private const string Object = "neither an object nor null";
    private const string Array = "neither an array nor null";

    /// <exception cref="BadRecordException">A member is of another type; the message names its path.</exception>
    /// <inheritdoc cref="WebhookReader.Read"/>
    public static WebhookData Read(ReadOnlySpan<byte> body)
    {
        var reader = WebhookReader.Open(body);
        var mail = new WebhookData { HasData = true };
        while (WebhookReader.NextMember(ref reader))
        {
            if (!ReadContent(ref reader, mail) && !ReadGroup(ref reader, mail))
            {
                reader.Skip();
            }
        }

        reader.Read(); // Throws where something follows.
        return mail;
    }

    private static bool ReadContent(ref Utf8JsonReader reader, WebhookData mail)
    {
        if (WebhookReader.Is(ref reader, "message_id"u8))
        {
            mail.MessageId = ReadText(ref reader, "message_id");
        }
        else if (WebhookReader.Is(ref reader, "received_at"u8))
        {
            mail.MailDate = ReadText(ref reader, "received_at");
        }
        else if (WebhookReader.Is(ref reader, "subject"u8))
        {
            mail.Subject = ReadText(ref reader, "subject");
        }
        else if (WebhookReader.Is(ref reader, "text"u8))
        {
            mail.PlainOpening = IsValue(ref reader, JsonTokenType.String, "text", Text) ? JsonText.ReadStart(ref reader, Snippet.PlainBytes, Snippet.Opening) : null;
        }
        else if (WebhookReader.Is(ref reader, "html"u8))
        {
            mail.Html = IsValue(ref reader, JsonTokenType.String, "html", Text) && string.IsNullOrEmpty(mail.PlainOpening)
                ? JsonText.ReadStart(ref reader, Snippet.HtmlBytes)
                : null;
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool ReadGroup(ref Utf8JsonReader reader, WebhookData mail)
    {
        if (WebhookReader.Is(ref reader, "envelope"u8))
        {
            ReadEnvelope(ref reader, mail.Participants);
        }
        else if (WebhookReader.Is(ref reader, "thread"u8))
        {
            ReadThread(ref reader, mail);
        }
        else if (WebhookReader.Is(ref reader, "attachments"u8))
        {
            mail.Attachments = ReadAttachments(ref reader, mail);
        }
        else if (WebhookReader.Is(ref reader, "spam"u8))
        {
            ReadSpam(ref reader, mail);
        }
        else if (WebhookReader.Is(ref reader, "auth"u8))
        {
            ReadAuthentication(ref reader, mail);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static void ReadEnvelope(ref Utf8JsonReader reader, Participants people)
    {
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, "envelope", Object);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "from"u8))
            {
                people.From.Clear();
                ReadMailbox(ref reader, "envelope.from", people.From);
            }
            else if (WebhookReader.Is(ref reader, "to"u8))
            {
                ReadMailboxes(ref reader, "envelope.to", people.To);
            }
            else if (WebhookReader.Is(ref reader, "cc"u8))
            {
                ReadMailboxes(ref reader, "envelope.cc", people.Cc);
            }
            else if (WebhookReader.Is(ref reader, "reply_to"u8))
            {
                ReadMailboxes(ref reader, "envelope.reply_to", people.ReplyTo);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadMailboxes(ref Utf8JsonReader reader, string path, List<Mailbox> into)
    {
        into.Clear();
        var index = 0;
        for (var isThere = IsValue(ref reader, JsonTokenType.StartArray, path, Array); isThere && NextElement(ref reader); index++)
        {
            ReadMailbox(ref reader, path, into, index);
        }
    }

    private static void ReadMailbox(ref Utf8JsonReader reader, string path, List<Mailbox> into, int? index = null)
    {
        string? name = null, address = null;
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, path, Object, index);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "email"u8))
            {
                address = MailboxText.AddressIn(ReadText(ref reader, path, index, ".email"));
            }
            else if (WebhookReader.Is(ref reader, "name"u8))
            {
                name = ReadText(ref reader, path, index, ".name");
            }
            else
            {
                reader.Skip();
            }
        }

        MailboxReader.Add(into, name, address);
    }

    private static void ReadThread(ref Utf8JsonReader reader, WebhookData mail)
    {
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, "thread", Object);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "in_reply_to"u8))
            {
                mail.InReplyTo = ReadText(ref reader, "thread.in_reply_to");
            }
            else if (WebhookReader.Is(ref reader, "references"u8))
            {
                mail.References = ReadReferences(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>As the header has them: <c>&lt;root@x&gt; &lt;parent@x&gt;</c>. What is no id says nothing there either.</summary>
    private static string? ReadReferences(ref Utf8JsonReader reader)
    {
        StringBuilder? header = null;
        var index = 0;
        for (var isThere = IsValue(ref reader, JsonTokenType.StartArray, "thread.references", Array); isThere && NextElement(ref reader); index++)
        {
            var text = ReadText(ref reader, "thread.references", index);
            if (MessageIds.FirstIn(text) is not { } id)
            {
                continue;
            }

            header = header?.Append(' ') ?? new StringBuilder();
            _ = text!.Contains('<', StringComparison.Ordinal) ? header.Append(text) : header.Append('<').Append(id).Append('>');
        }

        return header?.ToString();
    }

    private static AttachedFiles ReadAttachments(ref Utf8JsonReader reader, WebhookData mail)
    {
        var files = new AttachedFiles();
        var isThere = IsValue(ref reader, JsonTokenType.StartArray, "attachments", Array);
        while (isThere && NextElement(ref reader))
        {
            files.Add(ReadAttachment(ref reader, mail, files.Count));
        }

        return files;
    }

    private static AttachedFile ReadAttachment(ref Utf8JsonReader reader, WebhookData mail, int index)
    {
        const string Path = "attachments";
        AttachedFile file = default;
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, Path, Object, index);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "filename"u8))
            {
                mail.Signs = mail.Signs.With(FilterTable.Embedded.SignsInField(MailField.AttachmentName, reader));
                file = file with { Name = ReadText(ref reader, Path, index, ".filename") };
            }
            else if (WebhookReader.Is(ref reader, "content_type"u8))
            {
                mail.Signs = mail.Signs.With(FilterTable.Embedded.SignsInField(MailField.AttachmentType, reader));
                file = file with { ContentType = ReadText(ref reader, Path, index, ".content_type") };
            }
            else if (WebhookReader.Is(ref reader, "url"u8))
            {
                file = file with { Url = ReadText(ref reader, Path, index, ".url") };
            }
            else if (WebhookReader.Is(ref reader, "size"u8))
            {
                file = file with { Size = ReadSize(ref reader, Path, index) };
            }
            else
            {
                reader.Skip();
            }
        }

        return file;
    }

    /// <summary>A whole number may be written as 1.0 or 1e3 too; one that no file has is not known.</summary>
    private static long? ReadSize(ref Utf8JsonReader reader, string path, int index)
    {
        if (!IsValue(ref reader, JsonTokenType.Number, path, WholeNumber, index, ".size"))
        {
            return null;
        }

        return reader.TryGetDouble(out var size) && size >= 0 && double.IsInteger(size)
            ? size < long.MaxValue ? (long)size : null
            : throw Broken(path, WholeNumber, index, ".size");
    }

    private static void ReadSpam(ref Utf8JsonReader reader, WebhookData mail)
    {
        mail.IsSpam = false;
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, "spam", Object);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "score"u8))
            {
                IsValue(ref reader, JsonTokenType.Number, "spam.score", Number);
            }
            else if (WebhookReader.Is(ref reader, "flag"u8))
            {
                mail.IsSpam = reader.TokenType != JsonTokenType.False && IsValue(ref reader, JsonTokenType.True, "spam.flag", Flag);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadAuthentication(ref Utf8JsonReader reader, WebhookData mail)
    {
        (mail.Spf, mail.Dkim) = (null, null);
        var isThere = IsValue(ref reader, JsonTokenType.StartObject, "auth", Object);
        while (isThere && WebhookReader.NextMember(ref reader))
        {
            if (WebhookReader.Is(ref reader, "spf"u8))
            {
                mail.Spf = ReadText(ref reader, "auth.spf");
            }
            else if (WebhookReader.Is(ref reader, "dkim"u8))
            {
                mail.Dkim = ReadText(ref reader, "auth.dkim");
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool NextElement(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    private static string? ReadText(ref Utf8JsonReader reader, string path, int? index = null, string member = "") =>
        IsValue(ref reader, JsonTokenType.String, path, Text, index, member) ? JsonText.Read(ref reader) : null;

    /// <summary>Whether there is a value of that type; false for null.</summary>
    /// <exception cref="BadRecordException">There is one of another type.</exception>
    private static bool IsValue(ref Utf8JsonReader reader, JsonTokenType type, string path, string otherwise, int? index = null, string member = "")
    {
        if (reader.TokenType == type)
        {
            return true;
        }

        return reader.TokenType == JsonTokenType.Null ? false : throw Broken(path, otherwise, index, member);
    }

    /// <summary>The path is of names that the contract knows, never of the mail's own.</summary>
    private static BadRecordException Broken(string path, string otherwise, int? index, string member) =>
        new(DeadLetterReason.Schema, $"\"{path}{(index is { } n ? $"[{n}]" : "")}{member}\" is {otherwise}.");
}
