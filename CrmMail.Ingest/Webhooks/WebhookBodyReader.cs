using System.Buffers;
using System.IO.Pipelines;
using CrmMail.Ingest.Limits;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CrmMail.Ingest.Webhooks;

/// <summary>Either the whole body, or why there is none.</summary>
internal readonly record struct ReceivedBody(byte[]? Bytes, WebhookAnswer? Refusal)
{
    public static implicit operator ReceivedBody(byte[] bytes) => new(bytes, null);

    public static implicit operator ReceivedBody(WebhookAnswer refusal) => new(null, refusal);
}

/// <summary>Receives a body, as much of it as arrives and not as much as its Content-Length promises.</summary>
/// <remarks>
/// The bytes stay in the pooled buffers of the server until all are there, and are copied once: into the array that the signature is
/// checked over, the JSON is read from and the Kafka client takes. That client takes only arrays of the exact length, so that one
/// allocation is the least there can be.
/// </remarks>
internal sealed class WebhookBodyReader(ReceiveBudget budget)
{
    /// <summary>Whether the body is compressed or the like: the signature is over the bytes as they are.</summary>
    public static bool IsEncoded(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count > 0 && !(encoding.Count == 1 && string.Equals(encoding[0], "identity", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Receives the whole body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Says that the sender hung up or that its time is over (<see cref="IHttpRequestTimeoutFeature"/>).</param>
    public async ValueTask<ReceivedBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A read that ends by its token leaves the server's reader unusable, and an error in the log for every slow sender.
        await using var cancellation = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), request.BodyReader);
        var held = 0L;
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(CancellationToken.None);
                var arrived = read.Buffer.Length - held;

                // The server cancels reads as well, when it is told to stop; then there is still time to go on.
                if (cancellationToken.IsCancellationRequested)
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    return RefusalOfUnfinished(request);
                }

                if (!budget.TryTake(arrived))
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    return WebhookAnswer.Overloaded;
                }

                held += arrived;
                if (read.IsCompleted)
                {
                    var body = Copy(read.Buffer);
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    return body;
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException refused)
        {
            return RefusalOf(refused.StatusCode);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Else the server would try to read the rest.
            request.HttpContext.Abort();
            return WebhookAnswer.SenderGone;
        }
        finally
        {
            budget.Return(held);
        }
    }

    private static byte[] Copy(in ReadOnlySequence<byte> buffer)
    {
        var body = GC.AllocateUninitializedArray<byte>(checked((int)buffer.Length));
        buffer.CopyTo(body);
        return body;
    }

    private static WebhookAnswer RefusalOfUnfinished(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true }
            ? WebhookAnswer.ReceiveTimeout
            : WebhookAnswer.SenderGone;

    private static WebhookAnswer RefusalOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => WebhookAnswer.BodyTooLarge,
        StatusCodes.Status408RequestTimeout => WebhookAnswer.ReceiveTimeout,
        _ => WebhookAnswer.MalformedRequest,
    };
}
