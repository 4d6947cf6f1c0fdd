using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>The header of the mail in which a contact was found.</summary>
public enum ParticipantRole
{
    /// <summary>From or Sender.</summary>
    [JsonStringEnumMemberName("from")] From,

    /// <summary>To; also a recipient known from the envelope alone.</summary>
    [JsonStringEnumMemberName("to")] To,

    /// <summary>Cc.</summary>
    [JsonStringEnumMemberName("cc")] Cc,

    /// <summary>Bcc, which only the sender's own copy shows.</summary>
    [JsonStringEnumMemberName("bcc")] Bcc,

    /// <summary>Reply-To: where answers go, not necessarily who wrote.</summary>
    [JsonStringEnumMemberName("reply_to")] ReplyTo,
}
