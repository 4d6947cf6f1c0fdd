using System.Text.Json.Serialization;

namespace CrmMail.Api.Bodies;

/// <summary>Why a mail has no body here.</summary>
internal enum BodyAbsence
{
    /// <summary>The account stores less of its mails.</summary>
    [JsonStringEnumMemberName("level")] Level,

    /// <summary>The mail is older than bodies are kept.</summary>
    [JsonStringEnumMemberName("expired")] Expired,

    /// <summary>Nobody is left by whose key it could be read.</summary>
    [JsonStringEnumMemberName("erased")] Erased,

    /// <summary>No event told it, or not since the account stores bodies.</summary>
    [JsonStringEnumMemberName("never-sent")] NeverSent,
}
