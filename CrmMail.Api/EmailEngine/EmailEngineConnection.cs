using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace CrmMail.Api.EmailEngine;

/// <summary>Where EmailEngine is and what it lets the Api in with: a connection string <c>Endpoint=http://host:port;Token=64 hex digits</c>.</summary>
internal sealed class EmailEngineConnection
{
    public const string Name = "emailengine";

    private const string Shape = $"ConnectionStrings:{Name} has the form Endpoint=http://host:port;Token=64 hex digits";
    private const int TokenLength = 64;

    private EmailEngineConnection(Uri endpoint, string token) => (Endpoint, Token) = (endpoint, token);

    /// <summary>Where its API begins; ends with a slash.</summary>
    public Uri Endpoint { get; }

    /// <summary>The bearer token of its API.</summary>
    public string Token { get; }

    /// <summary>Reads a connection string; false, and one line that tells what is wrong and shows no token.</summary>
    public static bool TryParse(
        string? connectionString, [NotNullWhen(true)] out EmailEngineConnection? connection, [NotNullWhen(false)] out string? fault)
    {
        connection = null;
        fault = null;
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            fault = $"{Shape}; it is not set.";
        }
        else if (!TryReadParts(connectionString, out var endpoint, out var token))
        {
            fault = $"{Shape}; this is no connection string.";
        }
        else if (!TryReadEndpoint(endpoint, out var uri))
        {
            fault = $"{Shape}; its Endpoint is no http or https address.";
        }
        else if (token.Length != TokenLength || !token.All(char.IsAsciiHexDigit))
        {
            fault = $"{Shape}; its Token has {token.Length} characters, or others than hex digits.";
        }
        else
        {
            connection = new EmailEngineConnection(uri, token);
        }

        return connection is not null;
    }

    private static bool TryReadParts(string connectionString, out string endpoint, out string token)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            endpoint = parts.TryGetValue("Endpoint", out var givenEndpoint) ? (string)givenEndpoint : "";
            token = parts.TryGetValue("Token", out var givenToken) ? (string)givenToken : "";
            return true;
        }
        catch (ArgumentException)
        {
            endpoint = token = "";
            return false;
        }
    }

    private static bool TryReadEndpoint(string text, [NotNullWhen(true)] out Uri? endpoint)
    {
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri is { UserInfo: "", Query: "", Fragment: "" };
        endpoint = isAddress ? new Uri(uri!.AbsoluteUri.TrimEnd('/') + "/") : null;
        return isAddress;
    }
}
