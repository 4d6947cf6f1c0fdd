using System.ComponentModel.DataAnnotations;

namespace CrmMail.Api.Access;

/// <summary>How often the Api may be called: the section <c>Access</c>. Read once, at the start.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Requests per second and API key, over time.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>Requests that an API key may make at once.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 400;

    /// <summary>Requests per second and address, of callers whose key is not known yet: guessing keys is slow.</summary>
    [Range(1, 1_000_000)]
    public int UnknownRequestsPerSecond { get; set; } = 10;

    /// <summary>How many of those may come at once.</summary>
    [Range(1, 1_000_000)]
    public int UnknownRequestBurst { get; set; } = 50;

    /// <summary>How long a key is believed without looking it up again, so how long a revoked one still works.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeysKeptFor { get; set; } = TimeSpan.FromSeconds(10);
}
