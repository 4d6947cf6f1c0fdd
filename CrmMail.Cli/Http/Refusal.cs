using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Console;

namespace CrmMail.Cli.Http;

/// <summary>Problem details (RFC 9457) in one sentence: the cause, and what helps.</summary>
internal static class Refusal
{
    private const string Types = "https://crmmail.dev/problems/";

    /// <summary>Fields of requests that are options of another name.</summary>
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["all"] = "--all",
        ["filter"] = "the letters",
        ["filter.ids"] = "the ids",
        ["range"] = "the range",
        ["range.all"] = "--all",
        ["range.fromOffsets"] = "--offsets",
        ["range.toOffsets"] = "--offsets",
        ["ratePerSecond"] = "--rate",
        ["pauseAtLagSeconds"] = "--pause-at-lag",
        ["account"] = "the account",
        ["id"] = "the id",
    };

    /// <summary>What an answer says that is no success.</summary>
    public static async Task<ServerException> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var isPassing = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
        return await ReadAsync(response, cancellationToken) is { Type: { } type } problem && type.StartsWith(Types, StringComparison.Ordinal)
            ? new ServerException(Describe(type[Types.Length..], problem, response), isPassing)
            : new ServerException($"{Root(response)} answers {(int)response.StatusCode}, and not as CrmMail does: check --url", isPassing);
    }

    /// <summary>What a problem says that stands in the midst of something else.</summary>
    public static string Describe(ProblemDetails problem) => Printable.Line(Trim(problem.Detail ?? problem.Title ?? "the server failed"));

    private static string Describe(string name, ProblemDetails problem, HttpResponseMessage response)
    {
        var cause = Printable.Line(Cause(problem));
        return name switch
        {
            "unauthenticated" => $"the key is not one of {Root(response)}: set {ServerAddress.KeyVariable} (or --key) to a key of it, with the scope ops",
            "missing-scope" => $"the key does not allow this: use one with the scope ops (POST {Root(response)}api/keys makes keys)",
            "not-found" => $"{cause}: list what there is with the command list",
            "rate-limited" => $"too many requests: try again in {Wording.Duration(RetryAfter(response))}",
            "internal-error" => $"the server failed: its log tells why, under the trace id {Printable.Line(problem.TraceId)}",
            _ when response.StatusCode == HttpStatusCode.ServiceUnavailable => $"{cause}: try again in {Wording.Duration(RetryAfter(response))}, or look at the server's health ({Root(response)}health)",
            _ => cause,
        };
    }

    /// <summary>What is wrong, by field where fields are at fault.</summary>
    private static string Cause(ProblemDetails problem) => problem.Errors is { Count: > 0 } errors
        ? string.Join("; ", errors.Select(error => $"{NameOf(error.Key)}: {Trim(string.Join(' ', error.Value))}"))
        : Trim(problem.Detail ?? problem.Title ?? "the server refuses");

    private static string NameOf(string field) =>
        Options.TryGetValue(field, out var option) ? option : $"--{field.Replace("filter.", "", StringComparison.Ordinal).Replace("range.", "", StringComparison.Ordinal)}";

    private static TimeSpan RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(5);

    private static string Root(HttpResponseMessage response) => response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority) + "/";

    private static string Trim(string sentence) => sentence.TrimEnd('.', ' ');

    private static async Task<ProblemDetails?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), ProblemJson.Default.ProblemDetails);
        }
        catch (JsonException)
        {
            // An answer of something else, such as a proxy's page.
            return null;
        }
    }
}

/// <summary>An error as the Api describes it.</summary>
internal sealed record ProblemDetails(string? Type, string? Title, string? Detail, Dictionary<string, string[]>? Errors, string? TraceId);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ProblemJson : JsonSerializerContext;
