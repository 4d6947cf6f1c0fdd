namespace Aspire.StackExchange.Redis;

/// <summary>
/// How a service connects to Redis: sections <c>Aspire:StackExchange:Redis</c> and <c>Aspire:StackExchange:Redis:NAME</c>, then
/// <c>ConnectionStrings:NAME</c>.
/// </summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The endpoints and options, comma-separated, in StackExchange.Redis' form.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the health check. The default is <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>
    /// Leaves out the spans of the package's own instrumentation. The default is <see langword="false"/>.
    /// StackExchange.Redis itself emits none, so that here there is nothing to leave out.
    /// </summary>
    public bool DisableTracing { get; set; }
}
