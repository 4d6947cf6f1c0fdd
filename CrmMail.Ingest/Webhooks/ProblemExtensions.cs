using CrmMail.Ingest.Telemetry;

namespace CrmMail.Ingest.Webhooks;

internal static class ProblemExtensions
{
    /// <summary>
    /// A failure that nobody foresaw, and what the framework answers by a bare status, leave as problem details. Call it before the
    /// request timeouts are added, whose cancellation would be taken for the sender's.
    /// </summary>
    public static void UseProblems(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<IngestMetrics>();
        app.UseExceptionHandler(failed => failed.Run(context =>
        {
            metrics.Answered(WebhookAnswer.InternalError);
            return WebhookAnswer.InternalError.WriteAsync(context.Response);
        }));
        app.UseStatusCodePages(bare => bare.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => WebhookAnswer.NotFound.WriteAsync(bare.HttpContext.Response),
            StatusCodes.Status405MethodNotAllowed => WebhookAnswer.MethodNotAllowed.WriteAsync(bare.HttpContext.Response),
            _ => Task.CompletedTask,
        });
    }
}
