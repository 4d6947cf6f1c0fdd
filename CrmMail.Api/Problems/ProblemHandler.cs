using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace CrmMail.Api.Problems;

/// <summary>The one place where exceptions become answers. Nothing of an exception that is not foreseen reaches the caller.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(5);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; 499 is what proxies and dashboards know such a request by.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await ProblemOf(exception).ExecuteAsync(httpContext);
        return true;
    }

    private Problem ProblemOf(Exception exception)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;
            case BadHttpRequestException { InnerException: JsonException json }:
                return OfJson(json);
            case BadHttpRequestException bad:
                return OfRequest(bad);
            case NpgsqlException { IsTransient: true } or TimeoutException:
                LogDatabaseUnavailable(exception);
                return new Problem(ProblemKind.DatabaseUnavailable, "Try again in a few seconds.") { RetryAfter = DatabaseRetry };
            default:
                LogUnforeseen(exception);
                return new Problem(ProblemKind.InternalError);
        }
    }

    /// <summary>System.Text.Json names the field (<c>$.to[0].address</c>); its messages name types of this program and are not for callers.</summary>
    private static Problem OfJson(JsonException json) =>
        json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? Problem.Invalid(path[2..], "There is no such field, or its value is not of the right kind.")
            : new Problem(ProblemKind.MalformedRequest, $"The body is not the JSON that is expected here: line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.");

    private static Problem OfRequest(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
        {
            return new Problem(ProblemKind.Of(bad.StatusCode));
        }

        return BoundParameter().Match(bad.Message) is { Success: true } match
            ? Problem.Invalid(match.Groups["name"].Value, "The value is missing or not of the right kind.")
            : new Problem(ProblemKind.MalformedRequest);
    }

    /// <summary>The framework tells which parameter could not be bound in its message only.</summary>
    [GeneratedRegex("""parameter "[^"]*?(?<name>[A-Za-z-]+)" """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex BoundParameter();

    [LoggerMessage(400, LogLevel.Warning, "The database does not answer.")]
    private partial void LogDatabaseUnavailable(Exception exception);

    [LoggerMessage(401, LogLevel.Error, "A request failed.")]
    private partial void LogUnforeseen(Exception exception);
}
