using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Problems;

/// <summary>An error as an answer: problem details (RFC 9457), with <c>errors</c> by field where fields are at fault, and the trace id for support.</summary>
internal sealed class Problem(ProblemKind kind, string? detail = null, FieldFaults? faults = null) : IResult, IStatusCodeHttpResult
{
    private const string ContentType = "application/problem+json";

    public ProblemKind Kind => kind;

    /// <summary>What is the matter this time.</summary>
    public string? Detail => detail;

    /// <summary>What is wrong, by field; null when no field is to blame.</summary>
    public FieldFaults? Faults => faults;

    /// <summary>Further members that this kind of problem has (RFC 9457, section 3.2).</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    /// <summary>When it is worth to try again: the header Retry-After, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => kind.Status;

    /// <summary>A request whose fields are wrong.</summary>
    public static Problem Invalid(FieldFaults faults) => new(ProblemKind.InvalidRequest, faults: faults);

    /// <summary>A request with one wrong field.</summary>
    public static Problem Invalid(string field, string fault) => Invalid(new FieldFaults().Add(field, fault));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } delay)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        httpContext.Response.StatusCode = kind.Status;
        return httpContext.Response.WriteAsJsonAsync(ToDetails(httpContext), ApiJson.Options, ContentType, httpContext.RequestAborted);
    }

    /// <summary>The problem as JSON.</summary>
    public ProblemDetails ToDetails(HttpContext httpContext)
    {
        var details = new ProblemDetails { Type = kind.Type, Title = kind.Title, Status = kind.Status, Detail = detail };
        if (faults is not null)
        {
            details.Extensions["errors"] = faults.ToErrors();
        }

        foreach (var (name, value) in Members)
        {
            details.Extensions[name] = value;
        }

        details.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
        return details;
    }
}
