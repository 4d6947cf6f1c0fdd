using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.ServiceDefaults.Health;

/// <summary>
/// The body of a probe: <c>{"status":"Unhealthy","durationMs":12.5,"checks":[{"name":"PostgreSql","status":"Unhealthy","durationMs":12.4}]}</c>.
/// Descriptions and exceptions stay in the log: they name hosts and users.
/// </summary>
internal static class HealthReportJson
{
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";

        var json = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            WriteResult(json, report.Status, report.TotalDuration);
            json.WriteStartArray("checks");
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                WriteResult(json, entry.Status, entry.Duration);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteResult(Utf8JsonWriter json, HealthStatus status, TimeSpan duration)
    {
        json.WriteString("status", status.ToString());
        json.WriteNumber("durationMs", Math.Round(duration.TotalMilliseconds, 1));
    }
}
