using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>How a contact came to be: the column <c>contacts.origin</c>.</summary>
public enum ContactOrigin
{
    /// <summary>Somebody entered it, by a request or an import.</summary>
    [JsonStringEnumMemberName("entered")] Entered,

    /// <summary>The policy made it of somebody to whom one of us wrote.</summary>
    [JsonStringEnumMemberName("policy-sent")] PolicySent,

    /// <summary>The policy made it of somebody who wrote to us.</summary>
    [JsonStringEnumMemberName("policy-received")] PolicyReceived,
}
