using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;

namespace CrmMail.Api.Reconciliation;

/// <summary>Says which mails of a folder have left no trace here: neither an activity nor a skip.</summary>
/// <param name="account">The account.</param>
/// <param name="folder">Where the mails lie.</param>
/// <param name="since">Mails that were received earlier are left alone.</param>
internal sealed class MailComparison(AccountId account, FolderMeaning folder, DateTimeOffset since)
{
    // Mail servers tell whole seconds.
    private readonly DateTimeOffset _since = since.AddTicks(-(since.Ticks % TimeSpan.TicksPerSecond));

    /// <summary>Whether the mail is among those that are compared. One without a date is.</summary>
    public bool IsInRange(EngineMessage mail) => mail.Date is not { } date || date >= _since;

    /// <summary>The keys by which the mail may be known. Without any it can never be on a timeline, and nobody can tell whether it was skipped.</summary>
    public List<MessageKey> KeysOf(EngineMessage mail)
    {
        var keys = new List<MessageKey>(2);
        if (MessageKey.TryFromMessageId(mail.MessageId, out var messageId))
        {
            keys.Add(messageId);
        }

        if (MessageKey.TryFromEmailId(account, mail.EmailId, out var emailId))
        {
            keys.Add(emailId);
        }

        return keys;
    }

    /// <summary>Whether the mail is missing.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="known">Keys of mails that have an activity.</param>
    /// <param name="skipped">Keys of mails that were skipped, with each reason for it.</param>
    public bool IsMissing(EngineMessage mail, IReadOnlyCollection<MessageKey> keys, IReadOnlySet<MessageKey> known, ILookup<MessageKey, SkipReason> skipped) =>
        IsInRange(mail) && keys.Count > 0 && !keys.Any(known.Contains) && !keys.SelectMany(key => skipped[key]).Any(reason => Covers(reason, mail));

    /// <summary>
    /// Whether somebody who was told of the mail in this folder would skip it for that reason. A mail that was skipped as a draft, and was sent
    /// while nobody listened, often has kept its Message-ID.
    /// </summary>
    private bool Covers(SkipReason reason, EngineMessage mail) => reason switch
    {
        SkipReason.Drafts => Has(FolderMeaning.Drafts, mail) || mail.Draft,
        SkipReason.Junk => Has(FolderMeaning.Junk, mail),
        SkipReason.Trash => Has(FolderMeaning.Trash, mail),

        // Events that told of the mail without having been the mail.
        SkipReason.DeliveryReport or SkipReason.MailboxChange or SkipReason.NotTracked or SkipReason.UnknownEvent => false,

        // It was told to an account of this name that was removed.
        SkipReason.AccountDeleted => false,
        _ => true,
    };

    private bool Has(FolderMeaning meaning, EngineMessage mail) =>
        folder == meaning || (folder is not (FolderMeaning.Inbox or FolderMeaning.Sent) && (mail.Flags ?? []).Concat(mail.Labels ?? []).Any(label => FolderMeanings.Of(label) == meaning));
}
