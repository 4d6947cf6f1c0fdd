using System.Buffers;
using System.Security.Cryptography;

namespace CrmMail.Api.Attachments;

/// <summary>The checksum of a file that was read to its end.</summary>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Size">How many these are.</param>
internal sealed record ReadFile(byte[] Sha256, long Size);

/// <summary>A file that is being read, of which the first bytes were looked at.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private const int StartSize = 4096;
    private const int BufferSize = 64 * 1024;

    private readonly HttpResponseMessage _answer;
    private readonly Stream _rest;
    private readonly ReadOnlyMemory<byte> _start;

    private OpenedFile(HttpResponseMessage answer, Stream rest, ReadOnlyMemory<byte> start) => (_answer, _rest, _start) = (answer, rest, start);

    /// <summary>Reads the first bytes. Takes over the answer.</summary>
    /// <exception cref="AttachmentRefusedException">It is not what it says it is, or too large.</exception>
    /// <exception cref="AttachmentUnavailableException">It broke off.</exception>
    public static async Task<OpenedFile> OpenAsync(HttpResponseMessage answer, FileKind kind, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            if (answer.Content.Headers.ContentLength > maxBytes)
            {
                throw new AttachmentRefusedException(AttachmentRefusal.TooLarge);
            }

            var rest = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var start = new byte[StartSize];
            var length = await rest.ReadAtLeastAsync(start, StartSize, throwOnEndOfStream: false, cancellationToken);
            var refusal = length > maxBytes ? AttachmentRefusal.TooLarge : kind.Check(start.AsSpan(0, length));
            return refusal is { } known ? throw new AttachmentRefusedException(known) : new OpenedFile(answer, rest, start.AsMemory(0, length));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            answer.Dispose();
            throw new AttachmentUnavailableException(isGone: false, "It broke off.", exception);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Passes the file on.</summary>
    /// <exception cref="AttachmentRefusedException">It is too large; a part of it was passed on.</exception>
    public async Task<ReadFile> CopyToAsync(Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var size = 0L;
            var part = _start;
            while (!part.IsEmpty)
            {
                size += part.Length;
                if (size > maxBytes)
                {
                    throw new AttachmentRefusedException(AttachmentRefusal.TooLarge);
                }

                hash.AppendData(part.Span);
                await destination.WriteAsync(part, cancellationToken);
                part = buffer.AsMemory(0, await _rest.ReadAsync(buffer, cancellationToken));
            }

            return new ReadFile(hash.GetHashAndReset(), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _rest.DisposeAsync();
        _answer.Dispose();
    }
}
