using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using KafkaBroker.Protocol;

namespace KafkaBroker.Server;

/// <summary>
/// Cuts what a socket receives into frames. Small ones stay in the connection's one buffer; a large one gets memory of its size, received into directly, out of
/// what all connections together may use.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="memory">Bytes that large frames may take at one time.</param>
internal sealed class FrameReader(Socket socket, ConcurrencyLimiter memory) : IDisposable
{
    /// <summary>Kafka's default of socket.request.max.bytes.</summary>
    public const int MaxFrame = 100 * 1024 * 1024;

    /// <summary>Only records come in such masses.</summary>
    private const int MaxFrameWithoutRecords = 4 * 1024 * 1024;

    private const int SmallFrame = 16 * 1024;
    private const int MinFrame = 10;
    private const int LengthSize = sizeof(int);

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallFrame);
    private int _start;
    private int _end;

    /// <summary>Whether part of a frame has come and the rest has not.</summary>
    public bool IsWithinFrame { get; private set; }

    /// <summary>When bytes came last, as <see cref="Environment.TickCount64"/>.</summary>
    public long LastReceived { get; private set; } = Environment.TickCount64;

    private bool HasKey => _end - _start >= LengthSize + sizeof(short);

    /// <summary>The next frame, valid until the next call; null at the end of the connection.</summary>
    /// <exception cref="MalformedRequestException">What comes is no frame.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IsWithinFrame = _end > _start;
            if (_end - _start >= LengthSize)
            {
                var length = ReadLength();
                if (_end - _start >= LengthSize + length)
                {
                    var body = _buffer.AsMemory(_start + LengthSize, length);
                    _start += LengthSize + length;
                    return new Frame(body, release: null);
                }

                if (LengthSize + length > _buffer.Length && HasKey)
                {
                    return await ReadLargeAsync(length, cancellationToken).ConfigureAwait(false);
                }
            }

            if (!await ReceiveAsync(cancellationToken).ConfigureAwait(false))
            {
                return _end == _start ? null : throw new MalformedRequestException("The connection ended within a frame.");
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>A length that no request may have is refused before anything else of it has come.</summary>
    private int ReadLength()
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        var mayHaveRecords = !HasKey || (ApiKey)BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start + LengthSize)) == ApiKey.Produce;
        var max = mayHaveRecords ? MaxFrame : MaxFrameWithoutRecords;
        return length >= MinFrame && length <= max ? length : throw new MalformedRequestException($"A frame of {length} bytes.");
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        LastReceived = Environment.TickCount64;
        _end += received;
        return received > 0;
    }

    private async ValueTask<Frame> ReadLargeAsync(int length, CancellationToken cancellationToken)
    {
        var lease = await memory.AcquireAsync(length, cancellationToken).ConfigureAwait(false);
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var filled = _end - _start - LengthSize;
            _buffer.AsSpan((_start + LengthSize).._end).CopyTo(body);
            _start = _end = 0;
            while (filled < length)
            {
                var received = await socket.ReceiveAsync(body.AsMemory(filled..length), cancellationToken).ConfigureAwait(false);
                LastReceived = Environment.TickCount64;
                filled += received > 0 ? received : throw new MalformedRequestException("The connection ended within a frame.");
            }

            return new(body.AsMemory(0, length), Release);
        }
        catch
        {
            Release();
            throw;
        }

        void Release()
        {
            ArrayPool<byte>.Shared.Return(body);
            lease.Dispose();
        }
    }
}
