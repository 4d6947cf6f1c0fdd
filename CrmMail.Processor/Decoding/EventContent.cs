using CrmMail.Contracts;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Threading;

namespace CrmMail.Processor.Decoding;

/// <summary>What one event tells, in the terms of this system.</summary>
internal abstract record EventContent
{
    /// <summary>The keys of the mail that the event is about; none for all other events.</summary>
    public virtual ReadOnlySpan<MessageKey> Keys => [];

    /// <summary>The keys as bytes, one after the other.</summary>
    public byte[] ConcatenatedKeys()
    {
        var bytes = new byte[Keys.Length * MessageKey.Size];
        for (var n = 0; n < Keys.Length; n++)
        {
            Keys[n].Bytes.CopyTo(bytes.AsMemory(n * MessageKey.Size));
        }

        return bytes;
    }
}

/// <summary>A mail is in a folder: it came, was sent, moved, copied or uploaded, or is announced once more (messageNew).</summary>
/// <param name="Identity">The keys by which the mail is known.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="OccurredAt">Its place on a timeline.</param>
/// <param name="Text">What a timeline shows of it.</param>
/// <param name="Participants">Everybody named in its headers.</param>
/// <param name="OriginalFrom">Who wrote, where a mailing list has put itself into From (X-Original-From).</param>
/// <param name="IsFromList">Whether a mailing list passed it on.</param>
internal sealed record SeenMail(
    MailIdentity Identity,
    MailFolder Folder,
    DateTime OccurredAt,
    MailText Text,
    Participants Participants,
    string? OriginalFrom,
    bool IsFromList) : EventContent
{
    public override ReadOnlySpan<MessageKey> Keys => Identity.Keys;

    /// <summary>How it names the mails before it.</summary>
    public ThreadHeaders Thread { get; init; }

    /// <summary>The rules of the filters that find it.</summary>
    public MatchedRules Filters { get; init; }
}

/// <summary>A mail server took a mail from EmailEngine (messageSent). Tells the recipients, those of Bcc too, and nothing of the content.</summary>
/// <param name="Identity">The keys by which the mail is known.</param>
/// <param name="QueueId">EmailEngine's id of the mail in its outbox.</param>
/// <param name="Response">What the mail server answered.</param>
/// <param name="Sender">MAIL FROM.</param>
/// <param name="Recipients">RCPT TO: of To, Cc and Bcc without distinction.</param>
internal sealed record DeliveredMail(MailIdentity Identity, string? QueueId, string? Response, List<Mailbox> Sender, List<Mailbox> Recipients)
    : EventContent
{
    public override ReadOnlySpan<MessageKey> Keys => Identity.Keys;
}

/// <summary>A mail could not be delivered: not yet (messageDeliveryError), not at all (messageFailed), or it came back (messageBounce).</summary>
internal sealed record FailedDelivery(MailIdentity Identity, SentStatus Status, string? Detail) : EventContent
{
    public override ReadOnlySpan<MessageKey> Keys => Identity.Keys;
}

/// <summary>The state of a mailbox changed.</summary>
/// <param name="State">The new state.</param>
/// <param name="Error">What the server said, where something failed.</param>
/// <param name="Address">The address that the mailbox logs in by, where it is one.</param>
internal sealed record AccountChange(AccountState State, string? Error, EmailAddress? Address) : EventContent;

/// <summary>An event that changes nothing here.</summary>
internal sealed record UntrackedEvent(SkipReason Reason) : EventContent;

/// <summary>What the mail says, as far as a timeline shows it.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Opening">The first words, of which the snippet is made: see <see cref="Snippet.Opening(string?, string?)"/>.</param>
/// <param name="Attachments">The attached files.</param>
/// <param name="IsAutoReply">Whether a program wrote it.</param>
/// <param name="InReplyTo">The Message-ID that it answers.</param>
/// <param name="ThreadKey">The key of the first id that it names.</param>
internal sealed record MailText(string Subject, string Opening, AttachedFiles Attachments, bool IsAutoReply, string? InReplyTo, MessageKey? ThreadKey);

/// <summary>Where a mail is in its mailbox.</summary>
/// <param name="RemoteId">EmailEngine's id of the mail; another one in every folder.</param>
/// <param name="Path">The name of the folder.</param>
/// <param name="SpecialUse">What the folder is for (RFC 6154), null for a folder of the user.</param>
/// <param name="Labels">Labels and flags of the mail: where one folder holds everything (Gmail), they tell the rest.</param>
/// <param name="IsDraft">Whether the mail is still being written.</param>
internal sealed record MailFolder(string? RemoteId, string? Path, string? SpecialUse, IReadOnlyList<string> Labels, bool IsDraft);
