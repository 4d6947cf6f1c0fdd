using CrmMail.Api.EmailEngine;

namespace CrmMail.Api.Messages;

/// <summary>A request as EmailEngine takes it.</summary>
internal static class Submission
{
    public static SubmitMessage Of(MessageRequest request, string messageId) => new()
    {
        To = Of(request.To) ?? [],
        Cc = Of(request.Cc),
        Bcc = Of(request.Bcc),
        Subject = OrNull(request.Subject),
        Text = OrNull(request.Text),
        Html = OrNull(request.Html),
        Attachments = request.Attachments is { Count: > 0 } files
            ? [.. files.Select(file => new EngineAttachment(file.Filename, OrNull(file.ContentType), file.Content!, OrNull(file.Cid)))]
            : null,
        MessageId = $"<{messageId}>",
        SendAt = request.SendAt,
    };

    private static List<EngineAddress>? Of(IReadOnlyList<Recipient>? recipients) =>
        recipients is { Count: > 0 } ? [.. recipients.Select(recipient => new EngineAddress(OrNull(recipient.Name), recipient.Address!.Trim()))] : null;

    /// <summary>EmailEngine takes no empty texts.</summary>
    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
