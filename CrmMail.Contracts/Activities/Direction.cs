using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Which way a mail went, seen from the account.</summary>
public enum Direction
{
    /// <summary>It came to the account.</summary>
    [JsonStringEnumMemberName("incoming")] Incoming,

    /// <summary>The account sent it.</summary>
    [JsonStringEnumMemberName("sent")] Sent,
}
