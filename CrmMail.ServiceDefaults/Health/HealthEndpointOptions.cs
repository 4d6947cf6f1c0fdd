namespace CrmMail.ServiceDefaults.Health;

/// <summary>How long a probe may take, and how long its answer serves those that come after it.</summary>
internal sealed class HealthEndpointOptions
{
    public const string Section = "HealthChecks";

    /// <summary>After this the probe is answered with 504; each check has half of it. Default 5 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For this long an answer is given again without running the checks. Default 1 second, so that an outage soon shows.</summary>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromSeconds(1);
}
