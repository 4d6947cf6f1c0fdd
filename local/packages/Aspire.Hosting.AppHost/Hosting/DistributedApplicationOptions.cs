namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Arguments of the command line; they take part in the configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>Assembly of the AppHost; the entry assembly when null.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Folder of the AppHost's project.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether no dashboard is served.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether the consoles of the resources go to the AppHost's log as well.</summary>
    public bool EnableResourceLogging { get; set; }
}
