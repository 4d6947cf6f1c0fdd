using System.Buffers.Text;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Messages;

/// <summary>What a mail may be: EmailEngine's limits, and what it would accept and then fail to send.</summary>
internal static class MessageRules
{
    public const int MaxRequestBytes = 40 * 1024 * 1024;

    private const int MaxRecipients = 1000;
    private const int MaxNameLength = 256;
    private const int MaxSubjectLength = 10_240;
    private const int MaxTextLength = 5 * 1024 * 1024;
    private const int MaxAttachments = 100;
    private const int MaxContentLength = 5 * 1024 * 1024;

    /// <summary>What is wrong with which field.</summary>
    public static FieldFaults Check(MessageRequest request)
    {
        var faults = new FieldFaults();
        CheckRecipients(request, faults);
        faults.AddIf(request.Subject is { } subject && (subject.Length > MaxSubjectLength || !IsLine(subject)), "subject", $"A subject is one line of at most {MaxSubjectLength} characters.");
        CheckText("text", request.Text, faults);
        CheckText("html", request.Html, faults);
        CheckAttachments(request.Attachments ?? [], faults);
        return faults;
    }

    private static void CheckRecipients(MessageRequest request, FieldFaults faults)
    {
        var count = (request.To?.Count ?? 0) + (request.Cc?.Count ?? 0) + (request.Bcc?.Count ?? 0);
        if (count > MaxRecipients)
        {
            faults.Add("to", $"A mail has at most {MaxRecipients} recipients, with those in cc and bcc.");
            return;
        }

        faults.AddIf(count == 0 && request.ReplyToActivity is null, "to", "A mail needs a recipient, in to, cc or bcc.");
        CheckRecipients("to", request.To ?? [], faults);
        CheckRecipients("cc", request.Cc ?? [], faults);
        CheckRecipients("bcc", request.Bcc ?? [], faults);
    }

    private static void CheckRecipients(string field, IReadOnlyList<Recipient> recipients, FieldFaults faults)
    {
        for (var at = 0; at < recipients.Count; at++)
        {
            var (address, name) = recipients[at] is { } recipient ? recipient : new Recipient(null);
            faults.AddIf(!MailAddress.IsValid(address), $"{field}[{at}].address", "This is no mail address.");
            CheckName($"{field}[{at}].name", name, faults);
        }
    }

    private static void CheckText(string field, string? text, FieldFaults faults) =>
        faults.AddIf(text is not null && (text.Length > MaxTextLength || !SafeText.IsSafe(text)), field, $"A text has at most {MaxTextLength} characters, and U+0000 is none of them.");

    private static void CheckAttachments(IReadOnlyList<MessageAttachment> attachments, FieldFaults faults)
    {
        if (attachments.Count > MaxAttachments)
        {
            faults.Add("attachments", $"A mail has at most {MaxAttachments} attachments.");
            return;
        }

        for (var at = 0; at < attachments.Count; at++)
        {
            var field = $"attachments[{at}]";
            var (filename, contentType, content, cid) = attachments[at] is { } attachment ? attachment : new MessageAttachment(null, null, null);
            faults.AddIf(string.IsNullOrWhiteSpace(filename), $"{field}.filename", "A file needs a name.");
            CheckName($"{field}.filename", filename, faults);
            CheckName($"{field}.contentType", contentType, faults);
            CheckName($"{field}.cid", cid, faults);
            faults.AddIf(
                string.IsNullOrEmpty(content) || content.Length > MaxContentLength || !Base64.IsValid(content),
                $"{field}.content",
                $"The content is base64 of at most {MaxContentLength} characters.");
        }
    }

    private static void CheckName(string field, string? name, FieldFaults faults) =>
        faults.AddIf(name is not null && (name.Length > MaxNameLength || !IsLine(name)), field, $"This is one line of at most {MaxNameLength} characters.");

    private static bool IsLine(string text) => SafeText.IsSafe(text) && !text.Any(char.IsControl);
}
