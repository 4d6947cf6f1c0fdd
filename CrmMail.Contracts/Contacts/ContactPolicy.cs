using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Of whom a contact is made who is nobody's address so far: the column <c>contact_settings.policy</c>.</summary>
public enum ContactPolicy
{
    /// <summary>Of nobody: people enter contacts.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Of people to whom one of us wrote.</summary>
    [JsonStringEnumMemberName("sent")] Sent,

    /// <summary>Also of people who wrote to us.</summary>
    [JsonStringEnumMemberName("sent-and-received")] SentAndReceived,
}
