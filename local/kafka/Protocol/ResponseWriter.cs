using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using KafkaBroker.Storage;

namespace KafkaBroker.Protocol;

/// <summary>Writes an answer in the types of the protocol. Records are not written into it: it only notes where in which segment they are.</summary>
internal sealed class ResponseWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _length = sizeof(int);
    private List<(int Position, SegmentSlice Slice)>? _slices;
    private int _sliced;

    /// <param name="correlationId">The request's.</param>
    public ResponseWriter(int correlationId) => WriteInt32(correlationId);

    public void WriteBoolean(bool value) => WriteInt8(value ? (sbyte)1 : (sbyte)0);

    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void WriteError(ErrorCode error) => WriteInt16((short)error);

    /// <summary>How long the client was made to wait because of a quota: never, there are none.</summary>
    public void WriteThrottleTime() => WriteInt32(0);

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt16(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteInt16(checked((short)length));
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void WriteArrayLength(int length) => WriteInt32(length);

    /// <summary>The length of an array of a flexible version.</summary>
    public void WriteCompactArrayLength(int length)
    {
        for (var rest = (uint)length + 1; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                WriteInt8((sbyte)rest);
                return;
            }

            WriteInt8((sbyte)(rest | 0x80));
        }
    }

    /// <summary>No tagged fields, in a flexible version.</summary>
    public void WriteNoTags() => WriteInt8(0);

    /// <summary>Record batches of a segment, which are read when the answer is sent.</summary>
    /// <param name="slice">Belongs to this writer from now on.</param>
    public void WriteRecords(SegmentSlice slice)
    {
        WriteInt32(slice.Length);
        if (slice.Length > 0)
        {
            (_slices ??= []).Add((_length, slice));
            _sliced = checked(_sliced + slice.Length);
        }
    }

    /// <summary>Sends the whole answer.</summary>
    /// <param name="sink">Where it goes.</param>
    public async ValueTask SendAsync(IResponseSink sink)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, checked(_length + _sliced - sizeof(int)));
        if (_slices is null)
        {
            await sink.SendAsync(_buffer.AsMemory(0, _length)).ConfigureAwait(false);
            return;
        }

        using var pieces = new PieceBuffer(_length + _sliced, sink);
        var sent = 0;
        foreach (var (position, slice) in _slices)
        {
            await pieces.AddAsync(_buffer.AsMemory(sent..position)).ConfigureAwait(false);
            await pieces.AddAsync(slice).ConfigureAwait(false);
            sent = position;
        }

        await pieces.AddAsync(_buffer.AsMemory(sent.._length)).ConfigureAwait(false);
        await pieces.FlushAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var (_, slice) in _slices ?? [])
        {
            slice.Dispose();
        }

        _slices = null;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private Span<byte> Take(int count)
    {
        if (count > _buffer.Length - _length)
        {
            Grow(count);
        }

        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + count), _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
