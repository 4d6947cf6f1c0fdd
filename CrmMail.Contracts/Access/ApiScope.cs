using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What an API key allows.</summary>
public enum ApiScope
{
    /// <summary>Accounts, contacts, timelines and sending.</summary>
    [JsonStringEnumMemberName("crm")] Crm,

    /// <summary>Replay, dead letters and the state of the services.</summary>
    [JsonStringEnumMemberName("ops")] Ops,
}
