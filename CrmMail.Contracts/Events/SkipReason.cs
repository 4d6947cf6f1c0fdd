using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Why an event made no activity of its own. Recorded with the event, so that no event ends without a trace.</summary>
public enum SkipReason
{
    /// <summary>No participant is a contact today. The ledger of addresses knows the event: when one becomes a contact, the mail is found in Kafka again.</summary>
    [JsonStringEnumMemberName("no-contact")] NoContact,

    /// <summary>The mail has neither emailId nor Message-ID, so it could never be told from itself. Usually spam.</summary>
    [JsonStringEnumMemberName("no-message-id")] NoMessageId,

    /// <summary>A draft: not sent, and its recipients may still change.</summary>
    [JsonStringEnumMemberName("drafts")] Drafts,

    /// <summary>In the junk folder.</summary>
    [JsonStringEnumMemberName("junk")] Junk,

    /// <summary>In the trash.</summary>
    [JsonStringEnumMemberName("trash")] Trash,

    /// <summary>From the account to itself and nobody else.</summary>
    [JsonStringEnumMemberName("self-mail")] SelfMail,

    /// <summary>Between connected accounts only: colleagues, not contacts.</summary>
    [JsonStringEnumMemberName("own-accounts")] OwnAccounts,

    /// <summary>Everybody whom the mail names is at one of the own domains.</summary>
    [JsonStringEnumMemberName("internal")] Internal,

    /// <summary>The sender, or everybody it went to who could be linked, is on the blocklist. A fill after the entry was removed finds the mail in Kafka again.</summary>
    [JsonStringEnumMemberName("blocked")] Blocked,

    /// <summary>An automatic reply, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-auto-reply")] FilteredAutoReply,

    /// <summary>The report of a mail server, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-bounce")] FilteredBounce,

    /// <summary>A newsletter or other mail to many, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-bulk")] FilteredBulk,

    /// <summary>From a sender who reads no answers, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-no-reply")] FilteredNoReply,

    /// <summary>An invitation or an answer to one, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-calendar")] FilteredCalendar,

    /// <summary>Spam, or not from whom it says, and the settings drop those.</summary>
    [JsonStringEnumMemberName("filtered-unverified")] FilteredUnverified,

    /// <summary>The mail has its activity already (moved, copied, announced again, or sent and then found in the Sent folder); this event completed it at most.</summary>
    [JsonStringEnumMemberName("known-mail")] KnownMail,

    /// <summary>A mail was changed, moved away or deleted in the mailbox; its activity stays.</summary>
    [JsonStringEnumMemberName("mailbox-change")] MailboxChange,

    /// <summary>Taken into the state of the account.</summary>
    [JsonStringEnumMemberName("account-event")] AccountEvent,

    /// <summary>Taken into the status of a sent mail: delivered to the server, failed, bounced.</summary>
    [JsonStringEnumMemberName("delivery-report")] DeliveryReport,

    /// <summary>Tells of opens, clicks, delays, list subscriptions or exports, which are no part of a timeline.</summary>
    [JsonStringEnumMemberName("not-tracked")] NotTracked,

    /// <summary>Received before the account was removed through the Api, or connected again after that: nothing of it is let in any more.</summary>
    [JsonStringEnumMemberName("account-deleted")] AccountDeleted,

    /// <summary>An event that this version does not know. A later version may; a replay then finds it.</summary>
    [JsonStringEnumMemberName("unknown-event")] UnknownEvent,
}
