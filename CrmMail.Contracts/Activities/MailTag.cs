using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What a mail is, besides a message from one person to another (docs/filters.md).</summary>
/// <remarks>A tag is stored as the bit of its number, so the numbers never change.</remarks>
public enum MailTag
{
    /// <summary>A machine answered, or wrote on its own: out of office, receipts, notifications.</summary>
    [JsonStringEnumMemberName("auto-reply")] AutoReply = 0,

    /// <summary>A mail server reports that a mail could not be delivered.</summary>
    [JsonStringEnumMemberName("bounce")] Bounce = 1,

    /// <summary>A newsletter, or another mail to many.</summary>
    [JsonStringEnumMemberName("bulk")] Bulk = 2,

    /// <summary>The sender reads no answers.</summary>
    [JsonStringEnumMemberName("no-reply")] NoReply = 3,

    /// <summary>An invitation, or an answer to one.</summary>
    [JsonStringEnumMemberName("calendar")] Calendar = 4,

    /// <summary>Taken for spam, or not sent by whom it names: nobody may rely on what it says of itself.</summary>
    [JsonStringEnumMemberName("unverified")] Unverified = 5,
}
