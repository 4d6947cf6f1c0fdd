using System.Net;
using System.Text.Json.Serialization;

namespace EmailEngineSimulator.Http;

/// <summary>An answer in the shape of EmailEngine's errors.</summary>
internal sealed class ApiError(HttpStatusCode status, string message, string? code = null, IReadOnlyList<FieldError>? fields = null) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>After how long the client may come again; null where that is not known.</summary>
    public int? SecondsToWait { get; private init; }

    public ApiErrorBody Body => new((int)Status, ReasonPhrase, Message, code, fields, SecondsToWait);

    private string ReasonPhrase => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase((int)Status);

    public static ApiError Invalid(params IReadOnlyList<FieldError> fields) => new(HttpStatusCode.BadRequest, "Invalid input", fields: fields);

    public static ApiError BadRequest(string message) => new(HttpStatusCode.BadRequest, message);

    public static ApiError Unauthorized(string message) => new(HttpStatusCode.Unauthorized, message);

    public static ApiError NotFound(string message, string? code = null) => new(HttpStatusCode.NotFound, message, code);

    public static ApiError Unavailable(string message, string code) => new(HttpStatusCode.ServiceUnavailable, message, code);

    public static ApiError RateLimited() => new(HttpStatusCode.TooManyRequests, "Rate limit exceeded") { SecondsToWait = 1 };
}

/// <summary>One refused input field.</summary>
/// <param name="Message">What is wrong, with the whole path of the field in quotes.</param>
/// <param name="Key">The last segment of the path.</param>
internal sealed record FieldError(string Message, string Key);

internal sealed record ApiErrorBody(
    int StatusCode,
    string Error,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Fields,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Ttl);
