using System.Net.Mime;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CrmMail.Api.Attachments;

/// <summary>A file as an answer, passed on as it comes. When it has come whole, its checksum is written down; when it has not, the connection is cut.</summary>
internal sealed partial class AttachmentContent(AttachedFile file, OpenedFile opened) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var table = services.GetRequiredService<AttachmentTable>();
        var options = services.GetRequiredService<IOptions<AttachmentOptions>>().Value;
        SetHeaders(httpContext.Response.Headers, services.GetRequiredService<TimeProvider>().GetUtcNow());
        try
        {
            await using (opened)
            {
                var read = await opened.CopyToAsync(httpContext.Response.Body, options.MaxBytes, httpContext.RequestAborted);
                await table.LinkAsync(file.Id, read, options.LinkFor, isAsked: true, CancellationToken.None);
            }
        }
        catch (AttachmentRefusedException refused)
        {
            httpContext.Abort();
            await table.RefuseAsync(file.Id, refused.Refusal, isAsked: true, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException && !httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Abort();
            LogCut(services.GetRequiredService<ILogger<AttachmentContent>>(), file.Id.ActivityId, file.Id.Position, exception);
            await table.FailAsync(file.Id, options.RetryDelay, "It broke off.", CancellationToken.None);
        }
    }

    private void SetHeaders(IHeaderDictionary headers, DateTimeOffset now)
    {
        _ = FileKind.TryFind(file.Name, file.ContentType, out var kind, out _);
        var disposition = new ContentDispositionHeaderValue(DispositionTypeNames.Attachment);
        disposition.SetHttpFileName(file.Name ?? "attachment");
        headers.ContentType = kind!.ContentType;
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-cache";
        headers.ETag = file.ETagAt(now);
    }

    [LoggerMessage(470, LogLevel.Warning, "File {Position} of activity {Activity} broke off while it was read.")]
    private static partial void LogCut(ILogger logger, long activity, short position, Exception exception);
}
