using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// The dashboard can stop processes and shows consoles, and any page in the developer's browser can send requests to a loopback port.
/// Two endpoint filters keep other pages out.
/// </summary>
internal static class LocalRequest
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>Refuses a host name that is not loopback: DNS rebinding makes another site's name point here, and the browser takes that for same origin.</summary>
    public static async ValueTask<object?> RequireLoopbackHostAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        return IsLoopback(context.HttpContext.Request.Host)
            ? await next(context)
            : DashboardProblem.HostNotLoopback();
    }

    /// <summary>Refuses what a page of another origin sent. A client that is no browser sends neither header and is let in.</summary>
    public static async ValueTask<object?> RequireSameOriginAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsSameOrigin(context.HttpContext.Request)
            ? await next(context)
            : DashboardProblem.CrossSite();

    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(HttpRequest request)
    {
        // "none" is the address bar. "same-site" is another port of this machine, so another application.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return false;
        }

        var origin = request.Headers[HeaderNames.Origin].ToString();
        return origin.Length == 0
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
