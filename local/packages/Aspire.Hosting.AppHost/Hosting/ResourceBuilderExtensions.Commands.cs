using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <content>Commands of a resource's own, beside start, stop and restart.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a command; one of the same name is replaced.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Name by which it is executed.</param>
    /// <param name="displayName">Text of its button.</param>
    /// <param name="executeCommand">What it does.</param>
    /// <param name="commandOptions">How it is offered.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(existing => existing.Name == name) is { } former)
        {
            builder.Resource.Annotations.Remove(former);
        }

        return builder.WithAnnotation(new ResourceCommandAnnotation(name, displayName, executeCommand, commandOptions ?? new CommandOptions()));
    }

    /// <summary>Adds a command that sends an HTTP request to the resource; it can be executed while the resource runs.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="displayName">Text of its button.</param>
    /// <param name="endpointName">Endpoint; <c>http</c> when null.</param>
    /// <param name="commandName">Name by which it is executed; made of endpoint, method and path when null.</param>
    /// <param name="commandOptions">How it is offered, and what it sends.</param>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        var options = commandOptions ?? new HttpCommandOptions();
        var endpoint = builder.GetEndpoint(endpointName ?? "http");
        options.Method ??= HttpMethod.Post;
        options.UpdateState ??= context =>
            context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        return builder.WithCommand(
            commandName ?? $"{builder.Resource.Name}-{endpoint.EndpointName}-http-{options.Method.Method.ToLowerInvariant()}-{path}",
            displayName,
            context => SendAsync(context, endpoint, path, options),
            options);
    }

    private static async Task<ExecuteCommandResult> SendAsync(ExecuteCommandContext context, EndpointReference endpoint, string path, HttpCommandOptions options)
    {
        using var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(options.Method!, new UriBuilder(endpoint.Url) { Path = path }.Uri);
        if (options.PrepareRequest is { } prepare)
        {
            await prepare(new() { ResourceName = context.ResourceName, Endpoint = endpoint, CancellationToken = context.CancellationToken, HttpClient = http, Request = request }).ConfigureAwait(false);
        }

        try
        {
            using var response = await http.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
            return options.GetCommandResult is { } read
                ? await read(new() { ResourceName = context.ResourceName, Endpoint = endpoint, CancellationToken = context.CancellationToken, HttpClient = http, Response = response }).ConfigureAwait(false)
                : response.IsSuccessStatusCode ? CommandResults.Success() : CommandResults.Failure($"Request failed with status code {response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return CommandResults.Failure(exception);
        }
    }
}
