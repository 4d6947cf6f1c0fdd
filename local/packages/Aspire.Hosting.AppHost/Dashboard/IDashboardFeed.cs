namespace Aspire.Hosting.Local.Dashboard;

/// <summary>What the dashboard sees of the process runner, and the one thing it may ask of it: to run a command.</summary>
internal interface IDashboardFeed
{
    /// <summary>Every resource as it is now, in dependency order: a resource comes after those it waits for.</summary>
    IReadOnlyList<ResourceView> Resources { get; }

    /// <summary>The current resources first, then every change, until cancelled.</summary>
    IAsyncEnumerable<ResourceView> WatchResourcesAsync(CancellationToken ct);

    /// <summary>The lines that are still kept (the last 1000), then new ones as they are written, until cancelled.</summary>
    /// <param name="resource">Name of a resource of <see cref="Resources"/>.</param>
    /// <param name="ct">Ends the watch.</param>
    IAsyncEnumerable<ConsoleLine> WatchLogsAsync(string resource, CancellationToken ct);

    /// <summary>Runs a command of the resource to its end. A command that failed is an outcome, not an exception.</summary>
    /// <param name="resource">Name of a resource of <see cref="Resources"/>.</param>
    /// <param name="command">Name of one of its <see cref="ResourceView.Commands"/>.</param>
    /// <param name="ct">Cancelled when the dashboard stops, never because a browser went away.</param>
    Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken ct);
}
