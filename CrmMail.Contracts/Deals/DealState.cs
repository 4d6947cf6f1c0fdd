using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Whether mail still comes to a deal by itself.</summary>
public enum DealState
{
    /// <summary>Mails of its contacts and of its company come to it.</summary>
    [JsonStringEnumMemberName("open")] Open,

    /// <summary>Only mails to its routing address and those that a person links come to it.</summary>
    [JsonStringEnumMemberName("closed")] Closed,
}
