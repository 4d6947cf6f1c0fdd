namespace KafkaBroker.Storage;

/// <summary>Walks the records of an uncompressed batch, as far as the broker looks into them: their time and their place.</summary>
internal ref struct RecordReader
{
    private readonly BatchHeader _header;
    private ReadOnlySpan<byte> _rest;
    private int _index;

    /// <param name="header">Of the batch.</param>
    /// <param name="records">What follows it, without compression.</param>
    public RecordReader(BatchHeader header, ReadOnlySpan<byte> records)
    {
        _header = header;
        _rest = records;
        _index = -1;
    }

    /// <summary>Offset of the record.</summary>
    public readonly long Offset => _header.BaseOffset + _index;

    /// <summary>Unix milliseconds.</summary>
    public long Timestamp { get; private set; }

    /// <summary>Whether all records of the batch were read and nothing is left over.</summary>
    public readonly bool IsComplete => _index == _header.Count - 1 && _rest.IsEmpty;

    /// <summary>Moves to the next record; false at the end, or where the bytes are no record.</summary>
    public bool MoveNext()
    {
        if (_index + 1 >= _header.Count || !TryReadVarInt(ref _rest, out var length) || length < 0 || length > _rest.Length)
        {
            return false;
        }

        var record = _rest[..(int)length];
        if (record.IsEmpty)
        {
            return false;
        }

        record = record[1..];
        if (!TryReadVarInt(ref record, out var timestampDelta) || !TryReadVarInt(ref record, out var offsetDelta) || offsetDelta != _index + 1
            || !TryPassKeyAndValue(ref record) || !TryPassHeaders(ref record) || !record.IsEmpty)
        {
            return false;
        }

        _rest = _rest[(int)length..];
        _index++;
        Timestamp = _header.IsLogAppendTime ? _header.MaxTimestamp : _header.FirstTimestamp + timestampDelta;
        return true;
    }

    private static bool TryPassKeyAndValue(ref ReadOnlySpan<byte> record) =>
        TryPassBytes(ref record, mayBeNull: true) && TryPassBytes(ref record, mayBeNull: true);

    private static bool TryPassHeaders(ref ReadOnlySpan<byte> record)
    {
        if (!TryReadVarInt(ref record, out var count) || count < 0)
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!TryPassBytes(ref record, mayBeNull: false) || !TryPassBytes(ref record, mayBeNull: true))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryPassBytes(ref ReadOnlySpan<byte> record, bool mayBeNull)
    {
        if (!TryReadVarInt(ref record, out var length) || length > record.Length || length < (mayBeNull ? -1 : 0))
        {
            return false;
        }

        record = record[(int)Math.Max(0, length)..];
        return true;
    }

    // Zigzag: the sign is the lowest bit.
    private static bool TryReadVarInt(ref ReadOnlySpan<byte> bytes, out long value)
    {
        var raw = 0ul;
        for (var read = 0; read < bytes.Length && read < 10; read++)
        {
            raw |= (ulong)(bytes[read] & 0x7f) << (7 * read);
            if (bytes[read] < 0x80)
            {
                bytes = bytes[(read + 1)..];
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }
}
