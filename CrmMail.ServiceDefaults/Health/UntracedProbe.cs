using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;

namespace CrmMail.ServiceDefaults.Health;

/// <summary>A probe every few seconds would bury the traces of mails: neither its span nor those of the queries beneath it are recorded.</summary>
internal static class UntracedProbe
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } span)
        {
            span.IsAllDataRequested = false;
        }

        using (SuppressInstrumentationScope.Begin())
        {
            await next(context).ConfigureAwait(false);
        }
    }
}
