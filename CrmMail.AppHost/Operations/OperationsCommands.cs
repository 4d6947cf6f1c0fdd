using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmMail.AppHost.Operations;

/// <summary>The two operations that a developer needs most often, as buttons of the Api in the dashboard. <c>./crm-mail</c> has them all.</summary>
internal static class OperationsCommands
{
    /// <summary>Name of the command that tells what a replay of the last hour would change.</summary>
    public const string ReplayLastHour = "replay-last-hour";

    /// <summary>Name of the command that puts all open dead letters back.</summary>
    public const string RequeueDeadLetters = "requeue-dead-letters";

    /// <summary>Adds the commands.</summary>
    /// <param name="api">The Api.</param>
    /// <param name="key">An API key with the scope ops.</param>
    public static IResourceBuilder<ProjectResource> WithOperationsCommands(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> key) => api
        .WithHttpCommand("/api/replays", "Replay last hour (dry run)", endpointName: "http", ReplayLastHour, new HttpCommandOptions
        {
            PrepareRequest = context => PrepareAsync(context, key.Resource, new { range = new { since = "1h" } }),
            GetCommandResult = context => ReadAsync(context, run => $"Started; ./crm-mail replay show {run.GetProperty("id")} tells what it would change."),
        })
        .WithHttpCommand("/api/dead-letters/requeue", "Requeue dead letters", endpointName: "http", RequeueDeadLetters, new HttpCommandOptions
        {
            ConfirmationMessage = "All open dead letters go back to the events and are processed once more, 100 per second. Those that were put back 5 times already stay.",
            PrepareRequest = context => PrepareAsync(context, key.Resource, new { all = true, execute = true, note = "asked for in the dashboard" }),
            GetCommandResult = context => ReadAsync(context, accepted => DescribeRequeue(accepted.GetProperty("run"))),
        });

    private static async Task PrepareAsync<T>(HttpCommandRequestContext context, ParameterResource key, T body)
    {
        context.Request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await key.GetValueAsync(context.CancellationToken));
        context.Request.Content = JsonContent.Create(body);
    }

    private static async Task<ExecuteCommandResult> ReadAsync(HttpCommandResultContext context, Func<JsonElement, string> describe)
    {
        var answer = await context.Response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        return context.Response.IsSuccessStatusCode
            ? new ExecuteCommandResult { Success = true, Message = describe(answer) }
            : CommandResults.Failure(answer.TryGetProperty("detail", out var detail) && detail.GetString() is { } text ? text : answer.GetProperty("title").GetString());
    }

    private static string DescribeRequeue(JsonElement run) => run.GetProperty("total").GetInt64() switch
    {
        0 => "There are no open dead letters.",
        var total => $"Putting back {total} dead letters; ./crm-mail dead-letters runs show {run.GetProperty("id")} tells how far it is.",
    };
}
