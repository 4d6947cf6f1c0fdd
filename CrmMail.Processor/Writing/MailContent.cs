using CrmMail.Contracts;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Writing;

/// <summary>What an activity shows.</summary>
/// <param name="Text">Subject, first words, thread.</param>
/// <param name="Participants">Everybody whom the mail names.</param>
/// <param name="IsComplete">False while nothing but messageSent has told of the mail.</param>
internal sealed record MailContent(MailText Text, Participants Participants, bool IsComplete)
{
    public static MailContent Of(SeenMail mail) => new(mail.Text, mail.Participants, IsComplete: true);

    /// <summary>Of a mail of which only messageSent has told: with what the Api was asked to send, if it was the Api.</summary>
    public static MailContent Of(DeliveredMail mail, OutboundMail? outbound)
    {
        var participants = new Participants();
        participants.From.AddRange(outbound?.Participants.From is { Count: > 0 } from ? from : mail.Sender);
        if (outbound is not null)
        {
            participants.To.AddRange(outbound.Participants.To);
            participants.Cc.AddRange(outbound.Participants.Cc);
            participants.Bcc.AddRange(outbound.Participants.Bcc);
            participants.ReplyTo.AddRange(outbound.Participants.ReplyTo);
        }

        participants.AddMissingRecipients(mail.Recipients);
        var inReplyTo = MessageKey.Canonical(outbound?.InReplyTo);
        var threadKey = MessageKey.TryFromMessageId(inReplyTo, out var parent) ? parent : mail.Identity.Keys[0];
        var text = new MailText(outbound?.Subject ?? "", outbound?.Snippet ?? "", AttachedFiles.None, IsAutoReply: false, inReplyTo, threadKey);
        return new MailContent(text, participants, IsComplete: outbound is not null);
    }
}
