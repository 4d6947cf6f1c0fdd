using System.ComponentModel.DataAnnotations;

namespace EmailEngineSimulator.Settings;

/// <summary>What the environment says: EmailEngine's own variables, and the one of the simulator.</summary>
/// <remarks>
/// <c>EENGINE_REDIS</c> and <c>EENGINE_SECRET</c> are accepted and unused: mailboxes are in memory and nothing is stored, so nothing is encrypted.
/// </remarks>
internal sealed class EngineOptions
{
    [ConfigurationKeyName("EENGINE_HOST")]
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    [ConfigurationKeyName("EENGINE_PORT")]
    [Range(0, 65535, ErrorMessage = "EENGINE_PORT must be between 0 and 65535; 0 takes a free port.")]
    public int Port { get; set; } = 3000;

    /// <summary>JSON that is written to the settings at start, as by <c>POST /v1/settings</c>.</summary>
    [ConfigurationKeyName("EENGINE_SETTINGS")]
    public string? Settings { get; set; }

    /// <summary>base64url of the MessagePack map <c>{id, scopes, description}</c>.</summary>
    [ConfigurationKeyName("EENGINE_PREPARED_TOKEN")]
    public string? PreparedToken { get; set; }

    /// <summary>How many times faster than EmailEngine everything that waits runs here: retries, connecting, the copy in the Sent folder.</summary>
    [ConfigurationKeyName("SIMULATOR_SPEEDUP")]
    [Range(0.001, 1_000_000, ErrorMessage = "SIMULATOR_SPEEDUP must be between 0.001 and 1000000.")]
    public double SpeedUp { get; set; } = 1;
}
