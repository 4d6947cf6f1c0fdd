using CrmMail.Cli.Console;

namespace CrmMail.Cli.Runs;

/// <summary>Something that the server does in the background, and that goes on whoever looks.</summary>
internal abstract record Run
{
    /// <summary>Which one.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it stands: a stable text, <see cref="RunState"/>.</summary>
    public required string State { get; init; }

    /// <summary>The name of the API key that asked for it.</summary>
    public string? RequestedBy { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, or what it waits for.</summary>
    public string? Error { get; init; }

    /// <summary>How far it is.</summary>
    public abstract Measured Progress { get; }
}
