using System.Globalization;
using System.Text;

namespace EmailEngineSimulator.Messages;

/// <summary>A mail as it lies on a server: RFC 5322 and MIME. Part numbers are those that attachment and text ids speak of.</summary>
internal static class MimeSource
{
    private const string Mixed = "=_mixed";
    private const string Alternative = "=_alternative";

    /// <summary>The part numbers of the plain and the HTML text, null where the mail has none.</summary>
    public static (string? Plain, string? Html) TextParts(Mail mail)
    {
        var prefix = mail.Attachments.Count == 0 ? "" : mail is { Text: not null, Html: not null } ? "1." : "";
        return mail switch
        {
            { Text: not null, Html: not null } => (prefix + "1", prefix + "2"),
            { Html: not null } => (null, "1"),
            _ => ("1", null),
        };
    }

    public static string AttachmentPart(int index) => (index + 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>The index of the attachment with that part number; negative if it is no attachment.</summary>
    public static int AttachmentIndex(int part) => part - 2;

    /// <summary>The size of a text part as the server has it, with CRLF line ends.</summary>
    public static int EncodedSize(string text) => Encoding.UTF8.GetByteCount(WithCrLf(text));

    /// <summary>The size of an attachment as the server has it: base64 in lines of 76 characters.</summary>
    public static int EncodedSize(Attachment attachment) => IsText(attachment) ? attachment.Content.Length : Base64Lines(attachment.Content).Length;

    public static byte[] Render(Mail mail)
    {
        var source = new StringBuilder();
        foreach (var header in mail.Headers())
        {
            source.Append(header.Name).Append(": ").Append(header.Value).Append("\r\n");
        }

        source.Append("MIME-Version: 1.0\r\n");
        if (mail.Attachments.Count == 0)
        {
            AppendText(source, mail);
        }
        else
        {
            AppendMixed(source, mail);
        }

        return Encoding.UTF8.GetBytes(source.ToString());
    }

    private static void AppendMixed(StringBuilder source, Mail mail)
    {
        var type = mail.Bounce is null ? "multipart/mixed" : "multipart/report; report-type=delivery-status";
        source.Append("Content-Type: ").Append(type).Append("; boundary=\"").Append(Mixed).Append("\"\r\n\r\n--").Append(Mixed).Append("\r\n");
        AppendText(source, mail);
        foreach (var attachment in mail.Attachments)
        {
            source.Append("\r\n--").Append(Mixed).Append("\r\n");
            AppendAttachment(source, attachment);
        }

        source.Append("\r\n--").Append(Mixed).Append("--\r\n");
    }

    private static void AppendText(StringBuilder source, Mail mail)
    {
        if (mail is not { Text: not null, Html: not null })
        {
            AppendTextPart(source, mail.Html is null ? "plain" : "html", mail.Html ?? mail.Text ?? "");
            return;
        }

        source.Append("Content-Type: multipart/alternative; boundary=\"").Append(Alternative).Append("\"\r\n\r\n--").Append(Alternative).Append("\r\n");
        AppendTextPart(source, "plain", mail.Text);
        source.Append("\r\n--").Append(Alternative).Append("\r\n");
        AppendTextPart(source, "html", mail.Html);
        source.Append("\r\n--").Append(Alternative).Append("--\r\n");
    }

    private static void AppendTextPart(StringBuilder source, string subtype, string text) =>
        source.Append("Content-Type: text/").Append(subtype).Append("; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n").Append(WithCrLf(text));

    private static void AppendAttachment(StringBuilder source, Attachment attachment)
    {
        source.Append("Content-Type: ").Append(attachment.ContentType).Append("\r\n");
        if (attachment.Filename is not null)
        {
            source.Append("Content-Disposition: ").Append(attachment.Inline ? "inline" : "attachment")
                .Append("; filename=\"").Append(attachment.Filename).Append("\"\r\n");
        }

        if (attachment.ContentId is not null)
        {
            source.Append("Content-ID: ").Append(attachment.ContentId).Append("\r\n");
        }

        source.Append(IsText(attachment) ? "\r\n" + Encoding.UTF8.GetString(attachment.Content)
            : "Content-Transfer-Encoding: base64\r\n\r\n" + Base64Lines(attachment.Content));
    }

    private static bool IsText(Attachment attachment) => attachment.ContentType.StartsWith("message/", StringComparison.Ordinal);

    private static string Base64Lines(byte[] content) => Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks) + "\r\n";

    private static string WithCrLf(string text) => text.ReplaceLineEndings("\r\n");
}
