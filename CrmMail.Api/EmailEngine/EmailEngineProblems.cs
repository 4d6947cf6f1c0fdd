using System.Net;
using CrmMail.Api.Problems;

namespace CrmMail.Api.EmailEngine;

/// <summary>What EmailEngine's errors are to callers of the Api.</summary>
internal static class EmailEngineProblems
{
    // Fields that callers know by another name. Those that the Api fills in itself have none.
    private static readonly Dictionary<string, string?> FieldNames = new(StringComparer.Ordinal)
    {
        ["imap"] = "path",
        ["imap.sentMailPath"] = "path",
        ["subconnections"] = "sentSubconnection",
        ["reference"] = "replyToActivity",
        ["reference.message"] = "replyToActivity",
        ["reference.messageId"] = "replyToActivity",
        ["messageId"] = null,
        ["headers"] = null,
    };

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public static Problem Of(EmailEngineException exception) => exception switch
    {
        { Status: null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => Unavailable(exception),
        { IsUnknownAccount: true } => new Problem(ProblemKind.AccountNotFound, "EmailEngine has no such account: connect it first."),
        { Status: HttpStatusCode.TooManyRequests } =>
            new Problem(ProblemKind.EmailEngineRateLimited, "Try again later.") { RetryAfter = exception.RetryAfter ?? Retry },
        { Status: HttpStatusCode.RequestEntityTooLarge } => new Problem(ProblemKind.BodyTooLarge),
        { BlamesMailbox: true } =>
            new Problem(ProblemKind.MailboxUnavailable, exception.Error!.Message) { RetryAfter = exception.RetryAfter ?? Retry },
        { Status: < HttpStatusCode.InternalServerError } => Refused(exception.Error),
        _ => Unavailable(exception),
    };

    private static Problem Unavailable(EmailEngineException exception) =>
        new(ProblemKind.EmailEngineUnavailable, "Try again in a few seconds.") { RetryAfter = exception.RetryAfter ?? Retry };

    private static Problem Refused(EmailEngineError? error)
    {
        var faults = new FieldFaults();
        foreach (var field in error?.Fields ?? [])
        {
            var (path, fault) = Read(field);
            if (NameOf(path) is { } name)
            {
                faults.Add(name, fault);
            }
        }

        return new Problem(ProblemKind.EmailEngineRefused, error?.Message, faults.Any ? faults : null);
    }

    /// <summary>The key is only the last part of the path: the whole of it stands in quotes before the message.</summary>
    private static (string Path, string Fault) Read(EmailEngineFieldError field)
    {
        var message = field.Message ?? "";
        var end = message.StartsWith('"') ? message.IndexOf('"', 1) : -1;
        return end < 0 ? (field.Key ?? "", message) : (message[1..end], $"It{message[(end + 1)..]}.");
    }

    private static string? NameOf(string path) => FieldNames.TryGetValue(path, out var name) ? name : path;
}
