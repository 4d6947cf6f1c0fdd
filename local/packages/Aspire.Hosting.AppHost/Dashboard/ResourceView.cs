namespace Aspire.Hosting.Local.Dashboard;

/// <summary>A resource at one moment, as the page shows it.</summary>
/// <param name="Name">Unique name, as in the AppHost.</param>
/// <param name="Kind">project, postgres, redis, kafka, container, parameter or database.</param>
/// <param name="Parent">Name of the resource this one is part of: the server of a database.</param>
/// <param name="State">One of Aspire's KnownResourceStates.</param>
/// <param name="Health">Healthy, Degraded, Unhealthy, or empty when nothing is checked.</param>
/// <param name="StartedAt">When the current or last process started.</param>
/// <param name="ExitCode">
/// How the process ended when it ended by itself. Null while it runs and after a stop that was asked for,
/// which is how the page tells what was stopped from what died.
/// </param>
/// <param name="Message">Why the resource is in this state, in one sentence: what it waits for, why it did not start.</param>
/// <param name="HealthChecks">The checks behind <paramref name="Health"/>.</param>
/// <param name="Links">Endpoints by name.</param>
/// <param name="Environment">Environment of the process.</param>
/// <param name="Commands">What may be asked of the resource: start, stop, restart and its own commands.</param>
internal sealed record ResourceView(
    string Name,
    string Kind,
    string? Parent,
    string State,
    string Health,
    DateTimeOffset? StartedAt,
    int? ExitCode,
    string? Message,
    IReadOnlyList<HealthView> HealthChecks,
    IReadOnlyList<LinkView> Links,
    IReadOnlyList<VariableView> Environment,
    IReadOnlyList<CommandView> Commands);

/// <summary>The last result of one health check.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">Healthy, Degraded or Unhealthy; empty before the first result.</param>
/// <param name="Description">What the check found.</param>
internal sealed record HealthView(string Name, string Status, string? Description);

/// <summary>A named endpoint. The page makes a link of http and https, and shows other addresses as text.</summary>
/// <param name="Text">Name of the endpoint.</param>
/// <param name="Url">Absolute address.</param>
internal sealed record LinkView(string Text, string Url);

/// <summary>An environment variable. A secret has a name only: its value is dropped here, so that nothing can send it.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Value">Its value, or null.</param>
/// <param name="Secret">Whether the value must not be shown.</param>
internal sealed record VariableView(string Name, string? Value, bool Secret)
{
    /// <summary>The value; always null for a secret.</summary>
    public string? Value { get; } = Secret ? null : Value;

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; } = Secret;
}

/// <summary>A command of a resource.</summary>
/// <param name="Name">Name by which it is run.</param>
/// <param name="DisplayName">Text of its button.</param>
/// <param name="Enabled">Whether it can be run in the current state.</param>
/// <param name="Highlighted">Whether its button stands out.</param>
/// <param name="Confirmation">A question to answer before it is run.</param>
internal sealed record CommandView(string Name, string DisplayName, bool Enabled, bool Highlighted, string? Confirmation);
