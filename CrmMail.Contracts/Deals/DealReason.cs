using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>Why a mail belongs to a deal.</summary>
public enum DealReason
{
    /// <summary>It went to the routing address of the deal.</summary>
    [JsonStringEnumMemberName("routing-address")] RoutingAddress,

    /// <summary>The conversation belongs to the deal: by the address of one of its mails, or because a person said so of one.</summary>
    [JsonStringEnumMemberName("thread")] Thread,

    /// <summary>The deal was the newest open one of a contact of the mail.</summary>
    [JsonStringEnumMemberName("contact")] Contact,

    /// <summary>The deal was the newest open one of the company at whose domain the sender is.</summary>
    [JsonStringEnumMemberName("company")] Company,

    /// <summary>A person said so.</summary>
    [JsonStringEnumMemberName("person")] Person,
}
