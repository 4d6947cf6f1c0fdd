using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>The page and its API.</summary>
internal static class DashboardEndpoints
{
    // More than the feed's backlog, so that a client which reads at all gets all of it.
    private const int LinesAhead = 4096;

    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(1);

    /// <summary>Maps the page at <c>/</c> and its API under <c>/api/resources</c>; needs <see cref="IDashboardFeed"/> and <see cref="RunnerView"/> as services.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("").AddEndpointFilter(LocalRequest.RequireLoopbackHostAsync);
        foreach (var asset in DashboardAsset.All)
        {
            page.MapGet(asset.Path, asset.Serve);
        }

        var resources = page.MapGroup("/api/resources").AddEndpointFilter(LocalRequest.RequireSameOriginAsync);
        resources.MapGet("", (IDashboardFeed feed) => TypedResults.Ok(feed.Resources));
        resources.MapGet("/stream", StreamResources);
        resources.MapGet("/{name}/logs", StreamLogs);
        resources.MapPost("/{name}/commands/{command}", ExecuteAsync);
    }

    private static ServerSentEventsResult<object> StreamResources(IDashboardFeed feed, RunnerView runner, IHostApplicationLifetime lifetime, HttpContext context) =>
        Stream(context, lifetime, ct => Events(runner, feed, ct));

    /// <summary>
    /// Goes on after <paramref name="lastEventId"/>, which a browser sends when it reconnects, or <paramref name="after"/>, which the page
    /// sends when it opens a stream anew.
    /// </summary>
    private static IResult StreamLogs(
        string name,
        long? after,
        [FromHeader(Name = "Last-Event-ID")] long? lastEventId,
        IDashboardFeed feed,
        RunnerView runner,
        IHostApplicationLifetime lifetime,
        HttpContext context)
    {
        if (Find(feed, name) is null)
        {
            return DashboardProblem.UnknownResource(name);
        }

        var last = lastEventId ?? after ?? 0;
        return Stream(context, lifetime, ct => Events(runner, feed, name, last, ct));
    }

    private static async Task<IResult> ExecuteAsync(string name, string command, IDashboardFeed feed, IHostApplicationLifetime lifetime)
    {
        if (Find(feed, name) is not { } resource)
        {
            return DashboardProblem.UnknownResource(name);
        }

        if (resource.Commands.FirstOrDefault(c => c.Name == command) is not { } found)
        {
            return DashboardProblem.UnknownCommand(name, command);
        }

        if (!found.Enabled)
        {
            return DashboardProblem.CommandDisabled(resource, found);
        }

        try
        {
            // Not the request's token: a closed tab must not leave a restart half done.
            var outcome = await feed.ExecuteAsync(name, command, lifetime.ApplicationStopping);
            return outcome.Success ? TypedResults.Ok(outcome) : DashboardProblem.CommandFailed(resource, found, outcome.Message);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return DashboardProblem.Stopping();
        }
    }

    private static ResourceView? Find(IDashboardFeed feed, string name) => feed.Resources.FirstOrDefault(r => r.Name == name);

    private static async IAsyncEnumerable<SseItem<object>> Events(
        RunnerView runner, IDashboardFeed feed, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return Opening(runner);
        yield return new SseItem<object>(feed.Resources, "resources");
        await foreach (var resource in feed.WatchResourcesAsync(ct).KeepLatest(r => r.Name, ct))
        {
            yield return new SseItem<object>(resource, "resource");
        }
    }

    private static async IAsyncEnumerable<SseItem<object>> Events(
        RunnerView runner, IDashboardFeed feed, string name, long last, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return Opening(runner);
        await foreach (var line in feed.WatchLogsAsync(name, ct).KeepNewest(LinesAhead, ct))
        {
            if (line.Number > last)
            {
                yield return new SseItem<object>(line, "line") { EventId = line.Number.ToString(CultureInfo.InvariantCulture) };
            }
        }
    }

    /// <summary>Sent at once, so that the browser knows it is connected before there is anything to tell.</summary>
    private static SseItem<object> Opening(RunnerView runner) => new(runner, "runner") { ReconnectionInterval = ReconnectionInterval };

    /// <summary>A stream ends by itself when the dashboard stops; otherwise one open page would hold up the shutdown.</summary>
    private static ServerSentEventsResult<object> Stream(
        HttpContext context, IHostApplicationLifetime lifetime, Func<CancellationToken, IAsyncEnumerable<SseItem<object>>> events)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ending);
        return TypedResults.ServerSentEvents(events(ending.Token));
    }
}
