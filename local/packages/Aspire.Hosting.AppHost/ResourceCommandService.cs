using Aspire.Hosting.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes the commands of resources.</summary>
public class ResourceCommandService
{
    private readonly ApplicationRunner _runner;

    internal ResourceCommandService(ApplicationRunner runner) => _runner = runner;

    /// <summary>Executes a command and waits for its end.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Executes a command and waits for its end.</summary>
    /// <param name="resourceId">Id of the resource; in local mode its name.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands" />, or one that the AppHost has added to the resource.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _runner.ExecuteAsync(resourceId, commandName, cancellationToken);
}
