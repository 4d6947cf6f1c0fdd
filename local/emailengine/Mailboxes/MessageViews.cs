using System.Text;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Settings;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>Makes the three views of a message: announced in a webhook, listed, and read.</summary>
internal sealed class MessageViews(EngineSettings settings)
{
    /// <summary>The <c>data</c> of messageNew, with the headers and the text that the settings ask for.</summary>
    public MessageView Announced(Folder folder, StoredMessage message, bool seemsLikeNew)
    {
        var mail = message.Mail;
        var wanted = settings.NotifyHeaders;
        List<MailHeader> headers = [.. mail.Headers().Where(header => wanted.Contains("*") || wanted.Contains(header.Name.ToLowerInvariant()))];
        return Full(folder, message) with
        {
            Headers = headers.Count > 0 ? ByName(headers) : null,
            Text = settings.NotifyText ? WithReturned(Content(message, TextKinds.All, settings.NotifyTextSize), mail) : Sizes(message),
            IsAutoReply = AutoReply.IsLikely(mail.Subject, headers) ? true : null,
            IsBounce = mail.Bounce is null ? null : true,
            RelatedMessageId = mail.Bounce?.MessageId,
            SeemsLikeNew = seemsLikeNew,
        };
    }

    /// <summary>An entry of a listing or of search results.</summary>
    public static MessageView Listed(Account account, Folder folder, StoredMessage message) => Full(folder, message) with
    {
        Bounces = Bounces(account, message),
        Sender = null,
        Bcc = null,
        SpecialUse = null,
    };

    /// <param name="account">Whose mailbox it is.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="message">What is read.</param>
    /// <param name="kinds">Which texts are asked for.</param>
    /// <param name="maxBytes">Where a text is cut; not at all if null.</param>
    public static MessageView Read(Account account, Folder folder, StoredMessage message, TextKinds kinds, int? maxBytes) => Full(folder, message) with
    {
        Bounces = Bounces(account, message),
        Headers = ByName(message.Mail.Headers()),
        Text = kinds == TextKinds.None ? Sizes(message) : Content(message, kinds, maxBytes),
        IsAutoReply = AutoReply.IsLikely(message.Mail.Subject, message.Mail.Headers()) ? true : null,
    };

    /// <summary>Headers by their lower-case name, values in the order of the mail.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByName(IEnumerable<MailHeader> headers) =>
        headers.GroupBy(header => header.Name.ToLowerInvariant()).ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(header => header.Value)]);

    /// <summary>The text of a message, cut at a number of UTF-8 bytes, never inside a character.</summary>
    public static TextView Content(StoredMessage message, TextKinds kinds, int? maxBytes)
    {
        var mail = message.Mail;
        var plain = Cut(kinds.Plain ? mail.Text ?? (mail.Html is null ? "" : null) : null, maxBytes, out var plainWasCut);
        var html = Cut(kinds.Html ? mail.Html : null, maxBytes, out var htmlWasCut);
        return Sizes(message) with
        {
            Plain = plain,
            Html = html,
            HasMore = plainWasCut || htmlWasCut,
        };
    }

    private static List<BounceView>? Bounces(Account account, StoredMessage message) =>
        message.Mail.MessageId is { } id ? account.Bounces.GetValueOrDefault(id) : null;

    private static MessageView Full(Folder folder, StoredMessage message)
    {
        var mail = message.Mail;
        return new MessageView
        {
            Id = message.Handle.ToString(),
            Uid = message.Handle.Uid,
            Path = folder.Path,
            EmailId = message.Provider.EmailId,
            ThreadId = message.Provider.ThreadId,
            Date = mail.Date,
            Flags = [.. message.Flags],
            Labels = message.Provider.Labels,
            Unseen = message.IsSeen ? null : true,
            Flagged = message.IsFlagged ? true : null,
            Answered = message.IsAnswered ? true : null,
            Draft = message.IsDraft ? true : null,
            Size = message.Size,
            Subject = mail.Subject,
            From = mail.From,
            ReplyTo = mail.ReplyTo ?? [mail.From],
            Sender = mail.From,
            To = OrAbsent(mail.To),
            Cc = OrAbsent(mail.Cc),
            Bcc = OrAbsent(mail.Bcc),
            Attachments = OrAbsent(mail.Attachments.Select((attachment, index) => View(message.Handle, attachment, index)).ToList()),
            MessageId = mail.MessageId,
            InReplyTo = mail.InReplyTo,
            Text = Sizes(message),
            SpecialUse = folder.SpecialUse,
            MessageSpecialUse = SpecialUse.IsOfMessages(folder.SpecialUse) ? folder.SpecialUse : null,
        };
    }

    /// <summary>EmailEngine puts the parts of a delivery report together: the returned mail is one of its texts.</summary>
    private static TextView WithReturned(TextView text, Mail mail) =>
        mail.Bounce is null ? text : text with { Plain = text.Plain?.TrimEnd('\n'), Rfc822 = mail.Bounce.ReturnedSource };

    private static IReadOnlyList<T>? OrAbsent<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;

    private static AttachmentView View(MessageHandle handle, Attachment attachment, int index) => new(
        handle.Attachment(MimeSource.AttachmentPart(index)),
        attachment.ContentType,
        MimeSource.EncodedSize(attachment),
        Embedded: attachment.ContentId is not null,
        attachment.Inline,
        EncodedInMessage: false,
        attachment.ContentId,
        attachment.Filename);

    private static TextView Sizes(StoredMessage message)
    {
        var mail = message.Mail;
        var (plain, html) = MimeSource.TextParts(mail);
        List<string> plainParts = plain is null ? [] : [plain];
        if (mail.Bounce is not null)
        {
            plainParts.Add(MimeSource.AttachmentPart(mail.Attachments.Count - 1));
        }

        var id = message.Handle.Text(plainParts, html is null ? [] : [html]);
        var sizes = new TextSizes(
            plain is null ? null : MimeSource.EncodedSize(mail.Text ?? ""),
            html is null ? null : MimeSource.EncodedSize(mail.Html ?? ""));
        return new TextView(id, sizes);
    }

    private static string? Cut(string? text, int? maxBytes, out bool wasCut)
    {
        wasCut = false;
        if (text is null || maxBytes is not { } limit || Encoding.UTF8.GetByteCount(text) <= limit)
        {
            return text;
        }

        wasCut = true;
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > limit)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
