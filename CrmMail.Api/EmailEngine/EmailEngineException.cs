using System.Net;

namespace CrmMail.Api.EmailEngine;

/// <summary>EmailEngine refused a call, failed at it, or did not answer.</summary>
internal sealed class EmailEngineException : Exception
{
    private static readonly HashSet<string> MailboxCodes = new(StringComparer.Ordinal)
    {
        "IMAPUnavailable", "IMAPConnectionClosing", "NotYetConnected", "NotSyncing", "WorkerNotAvailable",
    };

    /// <summary>It did not answer, or nothing that it would answer.</summary>
    public EmailEngineException(string reason, Exception? innerException = null)
        : base(reason, innerException)
    {
    }

    /// <summary>It answered with an error.</summary>
    /// <param name="status">The status of the answer.</param>
    /// <param name="error">The body; null when there is none that could be read.</param>
    /// <param name="retryAfter">When it wants to be asked again.</param>
    public EmailEngineException(HttpStatusCode status, EmailEngineError? error, TimeSpan? retryAfter)
        : base($"EmailEngine answers {(int)status} {error?.Code}".TrimEnd())
    {
        Status = status;
        Error = error;
        RetryAfter = retryAfter;
    }

    /// <summary>The status; null when there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    public EmailEngineError? Error { get; }

    /// <summary>When EmailEngine wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether EmailEngine itself works, and only the mailbox is not connected.</summary>
    public bool BlamesMailbox => Error?.Code is { } code && MailboxCodes.Contains(code);

    /// <summary>Whether EmailEngine does not have the account; where it has no folder or no mail, it says so by a code.</summary>
    public bool IsUnknownAccount => Status == HttpStatusCode.NotFound && Error?.Code is null;

    /// <summary>Whether the same call is worth repeating soon: EmailEngine did nothing yet, and says so.</summary>
    public bool AsksForPatience =>
        Status == HttpStatusCode.TooManyRequests || (Status == HttpStatusCode.ServiceUnavailable && RetryAfter is not null);
}

/// <summary>The body of EmailEngine's errors.</summary>
/// <param name="Message">What is the matter.</param>
/// <param name="Code">The kind of error, where it has one.</param>
/// <param name="Ttl">Of a rate limit: the seconds until it ends.</param>
/// <param name="Fields">Wrong fields of the request.</param>
internal sealed record EmailEngineError(string? Message, string? Code, double? Ttl, IReadOnlyList<EmailEngineFieldError>? Fields);

/// <summary>A wrong field.</summary>
/// <param name="Message">Begins with the path of the field in quotes: <c>"to[0].address" must be a valid email</c>.</param>
/// <param name="Key">The last part of the path only.</param>
internal sealed record EmailEngineFieldError(string? Message, string? Key);
