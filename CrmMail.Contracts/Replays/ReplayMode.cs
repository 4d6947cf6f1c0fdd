using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What a replay does with the events of its range: the column <c>replay_runs.mode</c>.</summary>
public enum ReplayMode
{
    /// <summary>Tells what would change, and changes nothing.</summary>
    [JsonStringEnumMemberName("verify")] Verify,

    /// <summary>Adds what is missing, as if the events came now.</summary>
    [JsonStringEnumMemberName("fill")] Fill,

    /// <summary>Makes the activities of the range what today's rules and contacts say.</summary>
    [JsonStringEnumMemberName("rebuild")] Rebuild,
}
