using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Settings;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Auth;

/// <summary>Admits requests that carry the prepared token: <c>Authorization: Bearer</c> and 64 hex digits, or the query argument <c>access_token</c>.</summary>
internal sealed class BearerAuthentication(IOptions<EngineOptions> options) : IEndpointFilter
{
    private const int TokenBytes = 32;
    private const string Scheme = "Bearer ";
    private readonly byte[] _expected = Encoding.ASCII.GetBytes(PreparedToken.Parse(options.Value.PreparedToken)?.Id ?? "");

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var token = Presented(context.HttpContext.Request) ?? throw ApiError.Unauthorized("Missing authentication");
        return IsValid(token) ? next(context) : throw ApiError.Unauthorized("Bad token");
    }

    private static string? Presented(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim()
            : request.Query["access_token"].FirstOrDefault();
    }

    private bool IsValid(string token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (token.Length != TokenBytes * 2 || Convert.FromHexString(token, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        var id = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return CryptographicOperations.FixedTimeEquals(id, _expected);
    }
}
