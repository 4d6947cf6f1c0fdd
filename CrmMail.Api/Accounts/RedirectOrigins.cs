using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Accounts;

/// <summary>Where a browser may be sent. Origins are compared as a whole (RFC 6454): scheme, host and port, none of them a prefix of anything.</summary>
internal sealed partial class RedirectOrigins(IOptions<ConnectOptions> options)
{
    private const int MaxLength = 2048;

    private readonly HashSet<string> _allowed = [.. options.Value.AllowedRedirectOrigins.Select(ReadOrigin)];

    /// <summary>Whether anything is allowed at all.</summary>
    public bool Any => _allowed.Count > 0;

    /// <summary>Reads a URL that a browser may be sent to.</summary>
    /// <param name="text">The URL as the caller wrote it.</param>
    /// <param name="url">The URL as every parser reads it; use this and not the text.</param>
    public bool TryRead(string? text, [NotNullWhen(true)] out string? url)
    {
        url = TryParse(text, out var uri) && _allowed.Contains(OriginOf(uri)) ? uri.AbsoluteUri : null;
        return url is not null;
    }

    /// <summary>Reads an origin, without anything behind it.</summary>
    public static bool TryReadOrigin(string? text, [NotNullWhen(true)] out string? origin)
    {
        origin = TryParse(text, out var uri) && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 ? OriginOf(uri) : null;
        return origin is not null;
    }

    private static string ReadOrigin(string text) => TryReadOrigin(text, out var origin) ? origin : throw new FormatException($"\"{text}\" is no origin.");

    /// <summary>
    /// Only what all parsers of URLs read alike: <c>scheme://host</c> in visible ASCII, without backslashes, which browsers take for
    /// slashes, and without user information, behind which the host hides.
    /// </summary>
    private static bool TryParse(string? text, [NotNullWhen(true)] out Uri? uri)
    {
        uri = null;
        return text is { Length: <= MaxLength }
            && Plain().IsMatch(text)
            && Uri.TryCreate(text, UriKind.Absolute, out uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
    }

    [GeneratedRegex("""^https?://(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9.-]*)(:[0-9]{1,5})?([/?#][!-\[\]-~]*)?\z""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    private static string OriginOf(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);
}
