namespace CrmMail.Processor.Decoding;

/// <summary>
/// Whether a machine wrote the mail. EmailEngine's own <c>isAutoReply</c> knows few of the signs and depends on which headers it was asked
/// for, so the headers are read first and its opinion is the last word only where they say nothing.
/// </summary>
internal static class AutoReply
{
    public static bool Is(WebhookData mail)
    {
        if (mail.AutoSubmitted is { } autoSubmitted)
        {
            // RFC 3834, 5: "no", or auto-generated, auto-replied, auto-notified; parameters may follow.
            var value = autoSubmitted.AsSpan();
            var parameters = value.IndexOf(';');
            return !(parameters < 0 ? value : value[..parameters]).Trim().Equals("no", StringComparison.OrdinalIgnoreCase);
        }

        return mail.IsBounce || mail.HasAutoReplyHeader || mail.IsAutoReply
            || string.Equals(mail.Precedence?.Trim(), "auto_reply", StringComparison.OrdinalIgnoreCase);
    }
}
