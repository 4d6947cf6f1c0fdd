using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Everything the dashboard's API can refuse, as problem details (RFC 9457).</summary>
internal static class DashboardProblem
{
    public static ProblemHttpResult HostNotLoopback() => Of(
        StatusCodes.Status421MisdirectedRequest,
        "host-not-loopback",
        "The dashboard answers on loopback only",
        "Open it as localhost or 127.0.0.1.");

    public static ProblemHttpResult CrossSite() => Of(
        StatusCodes.Status403Forbidden,
        "cross-site-request",
        "Request of another site",
        "Only the dashboard's own page may use its API.");

    public static ProblemHttpResult UnknownResource(string name) => Of(
        StatusCodes.Status404NotFound,
        "unknown-resource",
        "No such resource",
        $"There is no resource '{name}'.");

    public static ProblemHttpResult UnknownCommand(string name, string command) => Of(
        StatusCodes.Status404NotFound,
        "unknown-command",
        "No such command",
        $"{name} has no command '{command}'.");

    public static ProblemHttpResult CommandDisabled(ResourceView resource, CommandView command) => Of(
        StatusCodes.Status409Conflict,
        "command-disabled",
        "Not now",
        $"{command.DisplayName} is not possible while {resource.Name} is in state {resource.State}.");

    public static ProblemHttpResult CommandFailed(ResourceView resource, CommandView command, string? reason) => Of(
        StatusCodes.Status422UnprocessableEntity,
        "command-failed",
        $"{command.DisplayName} failed",
        reason ?? $"{resource.Name} gave no reason; its console may.");

    public static ProblemHttpResult Stopping() => Of(
        StatusCodes.Status503ServiceUnavailable,
        "stopping",
        "The runner is stopping",
        "The command was given up because the runner stops.");

    private static ProblemHttpResult Of(int status, string type, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: $"https://crmmail.dev/problems/{type}");
}
