using System.Buffers;

namespace KafkaBroker.Storage;

/// <summary>Goes from batch to batch of a segment, reading as little as it can: headers, in blocks.</summary>
/// <param name="segment">Must stay acquired.</param>
/// <param name="position">Start of a batch.</param>
/// <param name="end">Where the readable part ends.</param>
/// <param name="blockSize">Bytes to read at a time.</param>
internal sealed class BatchWalk(Segment segment, int position, int end, int blockSize) : IDisposable
{
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(blockSize);
    private int _blockAt;
    private int _blockLength;
    private int _next = position;

    /// <summary>First byte of the batch.</summary>
    public int Position { get; private set; } = position;

    public BatchHeader Header { get; private set; }

    /// <summary>Moves to the next batch; false where no whole and plausible one follows, with <see cref="Position"/> there.</summary>
    public bool MoveNext()
    {
        Position = _next;
        if (end - Position < BatchHeader.Size)
        {
            return false;
        }

        Header = BatchHeader.Read(ReadBlock());
        if (!Header.IsPlausible || Header.TotalSize > end - Position)
        {
            return false;
        }

        _next = Position + Header.TotalSize;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_block);

    private ReadOnlySpan<byte> ReadBlock()
    {
        if (Position < _blockAt || Position + BatchHeader.Size > _blockAt + _blockLength)
        {
            _blockAt = Position;
            _blockLength = Math.Min(blockSize, end - Position);
            segment.Read(_blockAt, _block.AsSpan(0, _blockLength));
        }

        return _block.AsSpan(Position - _blockAt, BatchHeader.Size);
    }
}
