namespace Aspire.Hosting.Local;

/// <summary>A process to start for a resource.</summary>
/// <param name="FileName">Program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables beside those that every process of the resource gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The user to become, for programs that refuse to run as root.</summary>
    public string? User { get; init; }

    /// <summary>What asks the process to end in good order.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>How long it may take to end before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(35);
}
