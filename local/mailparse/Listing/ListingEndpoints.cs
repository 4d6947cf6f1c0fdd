using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MailParseSimulator.Control;
using MailParseSimulator.Mails;
using Microsoft.Extensions.Options;

namespace MailParseSimulator.Listing;

/// <summary><c>GET /v1/inboxes/{inbox}/messages?limit=&amp;cursor=</c> with a bearer token: the mails of an inbox, oldest first.</summary>
internal static class ListingEndpoints
{
    private const int MostMails = 1_000;
    private const int UsualMails = 100;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(
        "/v1/inboxes/{inbox}/messages",
        (string inbox, string? cursor, int? limit, HttpContext context, Inboxes inboxes, Switches switches, IOptions<SimulatorOptions> options) =>
        {
            if (!IsAuthorized(context.Request, options.Value.Token))
            {
                return Results.Unauthorized();
            }

            switches.CountListing();
            if (switches.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return Results.StatusCode(StatusCodes.Status429TooManyRequests);
            }

            return TryReadCursor(cursor, switches.Generation, out var position)
                ? Page(inboxes, inbox, position, Math.Clamp(limit ?? UsualMails, 1, MostMails), switches.Generation)
                : Results.StatusCode(StatusCodes.Status410Gone);
        });

    private static IResult Page(Inboxes inboxes, string inbox, int position, int limit, int generation)
    {
        var (payloads, hasMore) = inboxes.Read(inbox, position, limit);
        var next = string.Create(CultureInfo.InvariantCulture, $"{generation}.{position + payloads.Count}");
        return Results.Bytes(Payload.ToPage(new JsonObject
        {
            ["messages"] = new JsonArray([.. payloads.Select(Payload.Rewrite)]),
            ["next_cursor"] = next,
            ["has_more"] = hasMore,
        }), "application/json");
    }

    /// <summary>A cursor names its generation: one of another generation is no longer known.</summary>
    private static bool TryReadCursor(string? cursor, int generation, out int position)
    {
        position = 0;
        if (cursor is null)
        {
            return true;
        }

        var parts = cursor.Split('.');
        return parts.Length == 2 && parts[0] == generation.ToString(CultureInfo.InvariantCulture)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out position);
    }

    private static bool IsAuthorized(HttpRequest request, string token) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {token}"));
}
