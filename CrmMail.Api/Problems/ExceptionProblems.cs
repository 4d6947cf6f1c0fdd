using System.Text.Json;
using System.Text.RegularExpressions;
using CrmMail.Api.Bodies;
using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Problems;

/// <summary>The one place where exceptions become problems. Nothing of an exception that is not foreseen reaches the caller.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger)
{
    private const string OperatorIntervention = "57";
    private const string UntranslatableCharacter = "22021";

    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(5);

    /// <summary>The problem behind the exception; logs it when it is no fault of the caller.</summary>
    public Problem Of(Exception exception)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;
            case EmailEngineException emailEngine:
                return EmailEngineProblems.Of(emailEngine);
            case MissingMasterKeyException missing:
                LogMissingMasterKey(missing.Message);
                return new Problem(ProblemKind.BodyKeyMissing, "Whoever operates this has to put the key back.");
            case UnreadableBodyException:
                LogUnreadableBody(exception);
                return new Problem(ProblemKind.BodyUnreadable);
            case BadHttpRequestException { InnerException: JsonException json }:
                return Of(json);
            case BadHttpRequestException bad:
                return Of(bad);
            case PostgresException { SqlState: UntranslatableCharacter }:
                return new Problem(ProblemKind.MalformedRequest, "A text holds U+0000, which cannot be stored.");
            case NpgsqlException npgsql when IsUnavailable(npgsql):
            case TimeoutException:
                LogDatabaseUnavailable(exception);
                return new Problem(ProblemKind.DatabaseUnavailable, "Try again in a few seconds.") { RetryAfter = DatabaseRetry };
            default:
                LogUnforeseen(exception);
                return new Problem(ProblemKind.InternalError);
        }
    }

    /// <summary>System.Text.Json names the field (<c>$.to[0].address</c>); its messages name types of this program and are not for callers.</summary>
    public static Problem Of(JsonException json)
    {
        // A JsonException within one comes from the reader: this is no JSON, whatever field was being read.
        var isSyntax = json.InnerException is JsonException;
        return !isSyntax && json.Path is { Length: > 1 } path
            ? Problem.Invalid(path[1..].TrimStart('.'), "There is no such field, or its value is not of the right kind.")
            : new Problem(ProblemKind.MalformedRequest, $"The body is not the JSON that is expected here: line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.");
    }

    private static Problem Of(BadHttpRequestException bad)
    {
        if (bad.StatusCode != StatusCodes.Status400BadRequest)
        {
            return new Problem(ProblemKind.Of(bad.StatusCode));
        }

        return BoundParameter().Match(bad.Message) switch
        {
            { Success: false } => new Problem(ProblemKind.MalformedRequest),
            var match when match.Groups["body"].Success => new Problem(ProblemKind.MalformedRequest, "A JSON body is needed here."),
            var match => Problem.Invalid(JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value), "The value is missing or not of the right kind."),
        };
    }

    private static bool IsUnavailable(NpgsqlException exception) =>
        exception.IsTransient || exception is PostgresException postgres && postgres.SqlState.StartsWith(OperatorIntervention, StringComparison.Ordinal);

    /// <summary>The framework tells in its message only which parameter could not be bound, and whether it was the body.</summary>
    [GeneratedRegex("""parameter "[^"]*?(?<name>[A-Za-z-]+)" (?<body>was not provided from body|but no body)?""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex BoundParameter();

    [LoggerMessage(400, LogLevel.Warning, "The database does not answer.")]
    private partial void LogDatabaseUnavailable(Exception exception);

    [LoggerMessage(500, LogLevel.Error, "A body cannot be decrypted: {Reason}")]
    private partial void LogMissingMasterKey(string reason);

    [LoggerMessage(501, LogLevel.Error, "What is stored of a body is not what was encrypted.")]
    private partial void LogUnreadableBody(Exception exception);

    [LoggerMessage(401, LogLevel.Error, "A request failed.")]
    private partial void LogUnforeseen(Exception exception);
}
