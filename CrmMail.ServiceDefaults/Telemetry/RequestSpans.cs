using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CrmMail.ServiceDefaults.Telemetry;

/// <summary>
/// Gives the span of a request what is known at its end: route, status and a name made of them (OpenTelemetry semantic conventions,
/// HTTP server spans). ASP.NET Core 10 itself tags a span only at its start; 11 makes this class unnecessary.
/// </summary>
internal sealed class RequestSpans : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string RequestStop = Request + ".Stop";

    private readonly IDisposable? _subscription;

    /// <param name="listener">Where ASP.NET Core announces requests; <see langword="null"/> in a host that serves none.</param>
    /// <remarks>The stop of a request is announced only to those that also asked for its start.</remarks>
    public RequestSpans(DiagnosticListener? listener)
        => _subscription = listener?.Subscribe(this, name => name.StartsWith(Request, StringComparison.Ordinal));

    public void Dispose() => _subscription?.Dispose();

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: RequestStop, Value: HttpContext context }
            && context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
        {
            Describe(span, context);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Describe(Activity span, HttpContext context)
    {
        var method = span.GetTagItem("http.request.method") as string ?? "HTTP";
        var route = Route(context);
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.route", route);

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", exception?.GetType().FullName ?? status.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The template and never the path, which has identities in it; the exception handler hides the endpoint that threw.</summary>
    private static string? Route(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText;
    }
}
