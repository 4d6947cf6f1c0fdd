using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>A range of a segment that somebody is about to read. The segment's file stays open until all its slices are disposed, even when the segment is deleted.</summary>
internal readonly struct SegmentSlice : IDisposable
{
    private readonly Segment? _segment;
    private readonly int _position;

    /// <param name="segment">Acquired for this slice.</param>
    /// <param name="position">First byte.</param>
    /// <param name="length">Bytes.</param>
    public SegmentSlice(Segment segment, int position, int length)
    {
        _segment = segment;
        _position = position;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>Fills <paramref name="target"/> from a position within the slice.</summary>
    public void Read(int from, Span<byte> target) => _segment!.Read(_position + from, target);

    /// <summary>Sends from a position within the slice as much as the client takes at once.</summary>
    /// <returns>Bytes sent.</returns>
    public int SendWithoutWaiting(int from, IResponseSink sink) => _segment!.SendWithoutWaiting(_position + from, Length - from, sink);

    public void Dispose() => _segment?.Release();
}
