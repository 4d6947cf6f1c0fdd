using System.Buffers.Text;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Access;

internal static class ApiKeyEndpoints
{
    private const string List = "keys";
    private const int KeyBytes = 32;

    private static readonly ApiKey Example = new(
        "6b1f6d0c0e3d4d0f9d8f6a0a4a2c1e5b7c9d3e2f1a0b9c8d7e6f5a4b3c2d1e0f", "crm frontend", [ApiScope.Crm], new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/keys").WithTags("Keys").RequireScope(ApiScope.Ops);
        keys.MapPost("/", CreateAsync)
            .TakesExample(new ApiKeyRequest("crm frontend", [ApiScope.Crm]))
            .AnswersExample(NewApiKey.Of(Example, "q3V1c2VkLW9ubHktaGVyZS1hcy1hbi1leGFtcGxlLWtleQ"), StatusCodes.Status201Created);
        keys.MapGet("/", ListAsync).AnswersExample(new Page<ApiKey>([Example], null));
        keys.MapDelete("/{id}", RevokeAsync).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Make an API key</summary>
    /// <remarks>The answer is the only time that the key is shown: its hash is all that is kept.</remarks>
    internal static async Task<Results<Created<NewApiKey>, Problem>> CreateAsync(ApiKeyRequest request, ApiKeyTable table, CancellationToken cancellationToken)
    {
        var faults = request.Check();
        if (faults.Any)
        {
            return Problem.Invalid(faults);
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var stored = await table.AddAsync(ApiKeyHash.Of(key), request.Name!.Trim(), request.Scopes!.Distinct(), cancellationToken);
        return TypedResults.Created($"/api/keys/{stored.Id}", NewApiKey.Of(stored, key));
    }

    /// <summary>List the API keys</summary>
    internal static async Task<Ok<Page<ApiKey>>> ListAsync([AsParameters] PageQuery page, ApiKeyTable table, CancellationToken cancellationToken)
    {
        var after = page.Position<Position>(List);
        if (after is not null && !TryReadId(after.Id, out _))
        {
            throw PageQuery.NoSuchCursor();
        }

        var keys = await table.ListAsync(after?.Id, page.Size + 1, cancellationToken);
        return TypedResults.Ok(Page.Of(keys, page.Size, key => Cursor.Encode(List, new Position(key.Id))));
    }

    /// <summary>Revoke an API key</summary>
    /// <remarks>It is refused from then on, by other instances of the Api within the seconds for which they remember keys.</remarks>
    internal static async Task<Results<NoContent, Problem>> RevokeAsync([Description("The id of the key.")] string id, ApiKeyStore store, CancellationToken cancellationToken) =>
        TryReadId(id, out var hash) && await store.RevokeAsync(hash, cancellationToken)
            ? TypedResults.NoContent()
            : new Problem(ProblemKind.NotFound, "There is no key with this id.");

    private static bool TryReadId(string? id, out byte[] hash)
    {
        hash = id is { Length: 2 * SHA256.HashSizeInBytes } && id.All(char.IsAsciiHexDigit) ? Convert.FromHexString(id) : [];
        return hash.Length > 0;
    }

    private sealed record Position(string Id);
}

/// <summary>An API key to be made.</summary>
/// <param name="Name">What people know it by: 1 to 100 characters.</param>
/// <param name="Scopes">What it allows.</param>
internal sealed record ApiKeyRequest([property: Required] string? Name, [property: Required] IReadOnlyList<ApiScope>? Scopes)
{
    private const int MaxNameLength = 100;

    public FieldFaults Check() => new FieldFaults()
        .AddIf(string.IsNullOrWhiteSpace(Name) || Name.Length > MaxNameLength || Name.Any(char.IsControl), "name", $"A key needs a name of 1 to {MaxNameLength} characters.")
        .AddIf(Scopes is not { Count: > 0 }, "scopes", "A key without a scope is of no use.");
}

/// <summary>An API key that was just made.</summary>
/// <param name="Id">The SHA-256 of the key in hex: tells keys apart, and lets nobody in.</param>
/// <param name="Name">The name that it was given.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Key">The key itself, shown this once.</param>
internal sealed record NewApiKey(string Id, string Name, IReadOnlyList<ApiScope> Scopes, DateTimeOffset CreatedAt, string Key)
{
    public static NewApiKey Of(ApiKey stored, string key) => new(stored.Id, stored.Name, stored.Scopes, stored.CreatedAt, key);
}
