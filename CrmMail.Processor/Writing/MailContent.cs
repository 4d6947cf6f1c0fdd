using CrmMail.Contracts;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Privacy;

namespace CrmMail.Processor.Writing;

/// <summary>What an activity shows, as it may be stored.</summary>
internal sealed record MailContent
{
    private MailContent(MailText text, Participants participants, ContentRules rules)
    {
        Subject = rules.Subject(text.Subject);
        Snippet = rules.Snippet(text.Opening);
        AttachmentCount = text.Attachments.Count;
        Attachments = rules.Files(text.Attachments);
        IsAutoReply = text.IsAutoReply;
        InReplyTo = text.InReplyTo;
        ThreadKey = text.ThreadKey;
        participants.Redact(rules.Redactor);
        Participants = participants;
    }

    public string Subject { get; }

    /// <summary>The first words.</summary>
    public string Snippet { get; }

    public int AttachmentCount { get; }

    /// <summary>The attached files, as far as they are listed.</summary>
    public AttachedFiles Attachments { get; }

    public bool IsAutoReply { get; }

    /// <summary>The Message-ID that it answers.</summary>
    public string? InReplyTo { get; }

    /// <summary>The key of the first id that it names.</summary>
    public MessageKey? ThreadKey { get; }

    /// <summary>Everybody whom the mail names.</summary>
    public Participants Participants { get; init; }

    /// <summary>False while nothing but messageSent has told of the mail.</summary>
    public bool IsComplete { get; private init; }

    public static MailContent Of(SeenMail mail, ContentRules rules) => new(mail.Text, mail.Participants, rules) { IsComplete = true };

    /// <summary>Of a mail of which only messageSent has told: with what the Api was asked to send, if it was the Api.</summary>
    public static MailContent Of(DeliveredMail mail, OutboundMail? outbound, ContentRules rules)
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
        return new MailContent(text, participants, rules) { IsComplete = outbound is not null };
    }
}
