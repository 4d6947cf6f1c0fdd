using CrmMail.Contracts;

namespace CrmMail.Api.Bodies;

/// <summary>What a mail says.</summary>
/// <param name="Text">The plain text; what the HTML says, where only that came and is not stored. Null when there is neither.</param>
/// <param name="Html">The HTML as it came, with nothing but what is redacted taken out: do not show it without cleaning it. Null when none came or none is stored.</param>
/// <param name="Truncated">Whether the mail says more than is stored.</param>
internal sealed record ActivityBody(string? Text, string? Html, bool Truncated)
{
    public static readonly ActivityBody Example = new("Thank you, we take it.\n\nAnn", "<p>Thank you, we take it.</p><p>Ann</p>", false);

    public static ActivityBody Of(MailBody body) => new(OrNull(body.Text), OrNull(body.Html), body.IsTruncated);

    private static string? OrNull(string text) => text.Length > 0 ? text : null;
}
