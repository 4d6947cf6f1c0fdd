using CrmMail.Contracts;

namespace CrmMail.Api.Access;

/// <summary>The API key of a request: <c>Authorization: Bearer KEY</c> (RFC 6750, section 2.1).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int MaxLength = 512;

    /// <summary>The key; null when there is none, or something that cannot be one.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = value[Scheme.Length..].Trim();
        return token.Length is >= ApiKeyHash.MinKeyLength and <= MaxLength ? token : null;
    }
}
