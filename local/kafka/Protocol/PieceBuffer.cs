using System.Buffers;
using KafkaBroker.Storage;

namespace KafkaBroker.Protocol;

/// <summary>Gathers an answer of fields and records into pieces that are worth a system call each, so that its size takes no memory.</summary>
/// <param name="total">Bytes that will be added.</param>
/// <param name="send">Sends a piece that is valid only until it returns.</param>
internal sealed class PieceBuffer(int total, Func<ReadOnlyMemory<byte>, ValueTask> send) : IDisposable
{
    private const int PieceSize = 256 * 1024;

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
        for (var read = 0; read < records.Length;)
        {
            var count = Math.Min(records.Length - read, await FindRoomAsync().ConfigureAwait(false));
            records.Read(read, _piece.AsSpan(_filled, count));
            _filled += count;
            read += count;
        }
    }

    public async ValueTask FlushAsync()
    {
        await send(_piece.AsMemory(0, _filled)).ConfigureAwait(false);
        _filled = 0;
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
