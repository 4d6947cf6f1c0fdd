namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands that every resource with a process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a resource that does not run.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Ends a resource's process.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Ends a resource's process and starts it again.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it is for.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was called off.</summary>
    public bool Canceled { get; init; }

    /// <summary>What to tell who asked for it.</summary>
    public string? Message { get; init; }
}

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>It did what it is for.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It did not.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It did not, for this error.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);
}

/// <summary>Whether a command can be executed.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It is shown, and cannot be executed now.</summary>
    Disabled,

    /// <summary>It is not shown.</summary>
    Hidden,
}

/// <summary>What decides whether a command can be executed.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource as it is now.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }
}

/// <summary>What a command that is executed may see.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The resource that it is executed on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Cancelled when the application stops.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Services of the AppHost.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>How a command is offered.</summary>
public class CommandOptions
{
    /// <summary>A question to answer before it is executed.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>Whether its button stands out.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Decides whether it can be executed; always, when null.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>How a command that is an HTTP request is offered, and what it sends.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>The method; POST when null.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>Adds headers and a body to the request.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Reads the answer; when null, a 2xx is a success.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

/// <summary>The request of a command, before it is sent.</summary>
public sealed class HttpCommandRequestContext
{
    /// <summary>The resource that the command is executed on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Where the request goes.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Cancelled when the application stops.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>What sends it.</summary>
    public required HttpClient HttpClient { get; init; }

    /// <summary>The request.</summary>
    public required HttpRequestMessage Request { get; init; }
}

/// <summary>The answer to the request of a command.</summary>
public sealed class HttpCommandResultContext
{
    /// <summary>The resource that the command is executed on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Where the request went.</summary>
    public required EndpointReference Endpoint { get; init; }

    /// <summary>Cancelled when the application stops.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>What sent it.</summary>
    public required HttpClient HttpClient { get; init; }

    /// <summary>The answer.</summary>
    public required HttpResponseMessage Response { get; init; }
}

internal sealed record ResourceCommandAnnotation(
    string Name, string DisplayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand, CommandOptions Options) : IResourceAnnotation
{
    public ResourceCommandState StateIn(CustomResourceSnapshot snapshot) =>
        Options.UpdateState?.Invoke(new UpdateCommandStateContext { ResourceSnapshot = snapshot }) ?? ResourceCommandState.Enabled;
}
