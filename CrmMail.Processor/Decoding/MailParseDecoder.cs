using System.Text;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;

namespace CrmMail.Processor.Decoding;

/// <summary>Turns a record of MailParse into a <see cref="MailEvent"/>: a mail is told as what it is to a mailbox, seen in no folder.</summary>
internal static class MailParseDecoder
{
    /// <summary>The one event there is.</summary>
    private const string Mail = "mail";

    /// <param name="name">The name of the event.</param>
    /// <param name="key">The key of the record: the account, <c>mailparse:{inbox}</c>. The body does not tell it.</param>
    /// <param name="body">The mail as MailParse tells it.</param>
    /// <param name="receivedAt">When it was received here.</param>
    /// <exception cref="BadRecordException">The record says nothing that could be processed, now or later.</exception>
    public static MailEvent Decode(string name, ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        if (!AccountId.TryParse(Encoding.UTF8.GetString(key), out var inbox) || !MailParseAccount.Is(inbox))
        {
            throw new BadRecordException(DeadLetterReason.Schema, "The key of the record is no inbox of MailParse.");
        }

        var data = MailEventDecoder.Read(body, MailParseReader.Read);
        if (name != Mail)
        {
            return new MailEvent(inbox, name, MailDates.Whole(receivedAt.UtcDateTime), new UntrackedEvent(SkipReason.UnknownEvent));
        }

        var mail = MailEventDecoder.Seen(data, inbox, receivedAt);
        return new MailEvent(inbox, name, mail.OccurredAt, mail);
    }
}
