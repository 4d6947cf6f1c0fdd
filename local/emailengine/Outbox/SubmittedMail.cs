using System.Globalization;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Outbox;

/// <summary>Makes a mail of the body of a submit request, completed from the message that it refers to.</summary>
internal static class SubmittedMail
{
    /// <exception cref="ApiError">400: an attachment is not base64.</exception>
    public static Mail Read(Account account, JsonObject body, Reference? reference, DateTimeOffset now)
    {
        var from = Participant(body["from"]) ?? new Participant(account.Name, account.Email);
        var domain = from.Address[(from.Address.LastIndexOf('@') + 1)..];
        var mail = new Mail
        {
            MessageId = Text(body["messageId"]) ?? $"<{Guid.NewGuid()}@{domain}>",
            Date = DateTimeOffset.FromUnixTimeSeconds((Date(body["sendAt"]) is { } sendAt && sendAt > now ? sendAt : now).ToUnixTimeSeconds()),
            From = from,
            ReplyTo = body["replyTo"] is null ? null : Participants(body["replyTo"]),
            To = Participants(body["to"]),
            Cc = Participants(body["cc"]),
            Bcc = Participants(body["bcc"]),
            Subject = Text(body["subject"]),
            Text = Text(body["text"]),
            Html = Text(body["html"]),
            Attachments = [.. (body["attachments"] as JsonArray ?? []).Select((attachment, index) => ReadAttachment(attachment!.AsObject(), index))],
        };
        return WithHeaders(reference?.Message is { } message ? Answering(mail, message.Mail, reference, body) : mail, body["headers"] as JsonObject);
    }

    /// <summary>The recipients of the SMTP transaction: everybody once, Bcc too.</summary>
    public static Envelope Envelope(JsonObject body, Mail mail)
    {
        var given = body["envelope"] as JsonObject;
        List<string> to = given?["to"] is JsonArray list
            ? [.. list.Select(address => address!.GetValue<string>())]
            : [.. mail.To.Concat(mail.Cc).Concat(mail.Bcc).Select(recipient => recipient.Address).Distinct(StringComparer.OrdinalIgnoreCase)];
        return new Envelope(Text(given?["from"]) ?? mail.From.Address, to);
    }

    public static DateTimeOffset? Date(JsonNode? value) =>
        value is null ? null : DateTimeOffset.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Mail Answering(Mail mail, Mail original, Reference reference, JsonObject body)
    {
        var isReply = reference.Action != ReferenceAction.Forward;
        mail = mail with
        {
            References = string.Join(' ', References(original)),
            InReplyTo = isReply ? original.MessageId : null,
            Subject = mail.Subject ?? Prefixed(isReply ? "Re" : "Fwd", original.Subject ?? ""),
            To = isReply && body["to"] is null ? original.ReplyTo ?? [original.From] : mail.To,
            Text = reference.IsInline ? Quoted(mail.Text, original) : mail.Text,
            Attachments = !isReply && reference.ForwardAttachments ? [.. mail.Attachments, .. original.Attachments] : mail.Attachments,
        };
        return reference.Action == ReferenceAction.ReplyAll ? ToEverybody(mail, original) : mail;
    }

    private static Mail ToEverybody(Mail mail, Mail original)
    {
        HashSet<string> seen = new(mail.To.Select(recipient => recipient.Address).Append(mail.From.Address), StringComparer.OrdinalIgnoreCase);
        List<Participant> to = [.. mail.To, .. original.To.Where(recipient => seen.Add(recipient.Address))];
        List<Participant> cc = [.. original.Cc.Concat(mail.Cc).Where(recipient => seen.Add(recipient.Address))];
        return mail with { To = to, Cc = cc };
    }

    private static IEnumerable<string> References(Mail original) =>
        new[] { original.MessageId, original.InReplyTo, original.References }
            .SelectMany(line => (line ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Distinct();

    private static string Prefixed(string prefix, string subject) =>
        subject.StartsWith(prefix + ":", StringComparison.OrdinalIgnoreCase) ? subject : $"{prefix}: {subject}";

    private static string Quoted(string? text, Mail original)
    {
        var quote = string.Concat((original.Text ?? "").TrimEnd('\n').Split('\n').Select(line => $"> {line}\n"));
        return $"{text}\n\nOn {original.Date:yyyy-MM-dd HH:mm} {original.From.Name} <{original.From.Address}> wrote:\n{quote}";
    }

    private static Mail WithHeaders(Mail mail, JsonObject? headers) => headers is null ? mail : mail with
    {
        OtherHeaders = [.. headers.Select(header => new MailHeader(header.Key, header.Value?.ToString() ?? ""))],
    };

    private static Attachment ReadAttachment(JsonObject attachment, int index)
    {
        try
        {
            return new Attachment(
                Text(attachment["contentType"]) ?? "application/octet-stream",
                Convert.FromBase64String(Text(attachment["content"]) ?? ""),
                Text(attachment["filename"]),
                Text(attachment["contentDisposition"]) == "inline",
                Text(attachment["cid"]) is { } cid ? $"<{cid.Trim('<', '>')}>" : null);
        }
        catch (FormatException)
        {
            throw ApiError.Invalid(new FieldError($"\"attachments[{index}].content\" must be a valid base64 string", "content"));
        }
    }

    private static IReadOnlyList<Participant> Participants(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => Participant(item)!)];

    private static Participant? Participant(JsonNode? value) => value is null ? null : new Participant(Text(value["name"]) ?? "", Text(value["address"])!);

    private static string? Text(JsonNode? value) => value?.GetValue<string>();
}
