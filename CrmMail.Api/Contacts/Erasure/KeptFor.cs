using System.Text.Json.Serialization;

namespace CrmMail.Api.Contacts;

/// <summary>How long something is kept.</summary>
internal enum KeptFor
{
    /// <summary>Nothing ends it.</summary>
    [JsonStringEnumMemberName("for-ever")] ForEver,

    /// <summary>To a moment that is known.</summary>
    [JsonStringEnumMemberName("until")] Until,

    /// <summary>Nobody has looked yet.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}
