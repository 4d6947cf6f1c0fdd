using System.Buffers;
using KafkaBroker.Storage;

namespace KafkaBroker.Protocol;

/// <summary>
/// Sends an answer of fields and records, whose size takes no memory. Fields and few records are gathered into pieces that are worth a system call each. Many
/// records go from the file to the socket; when that is full, a piece waits for room.
/// </summary>
/// <param name="total">Bytes that will be added.</param>
/// <param name="sink">Where they go.</param>
internal sealed class PieceBuffer(int total, IResponseSink sink) : IDisposable
{
    private const int PieceSize = 64 * 1024;

    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(Math.Min(total, PieceSize));
    private int _filled;

    public async ValueTask AddAsync(ReadOnlyMemory<byte> fields)
    {
        while (!fields.IsEmpty)
        {
            var count = Math.Min(fields.Length, await FindRoomAsync().ConfigureAwait(false));
            fields.Span[..count].CopyTo(_piece.AsSpan(_filled));
            _filled += count;
            fields = fields[count..];
        }
    }

    public async ValueTask AddAsync(SegmentSlice records)
    {
        for (var done = 0; done < records.Length;)
        {
            if (records.Length - done >= PieceSize)
            {
                await FlushAsync().ConfigureAwait(false);
                done += records.SendWithoutWaiting(done, sink);
            }

            var count = Math.Min(records.Length - done, await FindRoomAsync().ConfigureAwait(false));
            records.Read(done, _piece.AsSpan(_filled, count));
            _filled += count;
            done += count;
        }
    }

    public async ValueTask FlushAsync()
    {
        if (_filled > 0)
        {
            await sink.SendAsync(_piece.AsMemory(0, _filled)).ConfigureAwait(false);
            _filled = 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece);

    private async ValueTask<int> FindRoomAsync()
    {
        if (_filled == _piece.Length)
        {
            await FlushAsync().ConfigureAwait(false);
        }

        return _piece.Length - _filled;
    }
}
