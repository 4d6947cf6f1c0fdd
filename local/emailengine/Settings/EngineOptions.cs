namespace EmailEngineSimulator.Settings;

/// <summary>What the environment says: EmailEngine's own variables, and the one of the simulator.</summary>
/// <remarks>
/// <c>EENGINE_REDIS</c> and <c>EENGINE_SECRET</c> are accepted and unused: mailboxes are in memory and nothing is stored, so nothing is encrypted.
/// </remarks>
internal sealed class EngineOptions
{
    /// <summary>The address to listen on.</summary>
    [ConfigurationKeyName("EENGINE_HOST")]
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    [ConfigurationKeyName("EENGINE_PORT")]
    public string Port { get; set; } = "3000";

    /// <summary>JSON that is written to the settings at start, as by <c>POST /v1/settings</c>.</summary>
    [ConfigurationKeyName("EENGINE_SETTINGS")]
    public string? Settings { get; set; }

    /// <summary>base64url of the MessagePack map <c>{id, scopes, description}</c>.</summary>
    [ConfigurationKeyName("EENGINE_PREPARED_TOKEN")]
    public string? PreparedToken { get; set; }

    /// <summary>How many times faster than EmailEngine everything that waits runs here: retries, connecting, the copy in the Sent folder.</summary>
    [ConfigurationKeyName("SIMULATOR_SPEEDUP")]
    public string SpeedUp { get; set; } = "1";
}
