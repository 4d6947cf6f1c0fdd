using System.Buffers.Binary;

namespace KafkaBroker.Storage;

/// <summary>The fixed part of a record batch, magic 2. All that the broker has to know of it: records stay as the producer packed them.</summary>
internal readonly record struct BatchHeader
{
    /// <summary>Bytes of the fixed part; the records follow.</summary>
    public const int Size = 61;

    /// <summary>Bytes that precede what the length counts: the base offset and the length itself.</summary>
    public const int Prefix = 12;

    private const int LengthAt = 8, EpochAt = 12, MagicAt = 16, CrcAt = 17, AttributesAt = 21, LastOffsetDeltaAt = 23, FirstTimestampAt = 27,
        MaxTimestampAt = 35, ProducerIdAt = 43, ProducerEpochAt = 51, BaseSequenceAt = 53, CountAt = 57;

    private const short LogAppendTimeFlag = 0x08, TransactionalFlag = 0x10, ControlFlag = 0x20;

    /// <summary>Offset of the first record.</summary>
    public required long BaseOffset { get; init; }

    /// <summary>Bytes of the whole batch. Not to be trusted before <see cref="IsPlausible"/>.</summary>
    public required int TotalSize { get; init; }

    public required sbyte Magic { get; init; }

    public required uint Crc { get; init; }

    public required short Attributes { get; init; }

    public required int LastOffsetDelta { get; init; }

    public required long FirstTimestamp { get; init; }

    public required long MaxTimestamp { get; init; }

    /// <summary>The idempotent producer's number; -1 of any other.</summary>
    public required long ProducerId { get; init; }

    public required short ProducerEpoch { get; init; }

    /// <summary>The producer's number of the first record; -1 without idempotence.</summary>
    public required int BaseSequence { get; init; }

    public required int Count { get; init; }

    public Compression Compression => (Compression)(Attributes & 0x07);

    public bool IsLogAppendTime => (Attributes & LogAppendTimeFlag) != 0;

    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    public bool IsControl => (Attributes & ControlFlag) != 0;

    /// <summary>Offset after the last record.</summary>
    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    /// <summary>The producer's number of the last record. Numbers follow 2^31 - 1 with 0.</summary>
    public int LastSequence => (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>Whether the fields contradict neither each other nor the format.</summary>
    public bool IsPlausible => Magic == 2 && TotalSize >= Size && LastOffsetDelta >= 0 && Count == LastOffsetDelta + 1 && BaseOffset >= 0;

    /// <param name="batch">At least <see cref="Size"/> bytes.</param>
    public static BatchHeader Read(ReadOnlySpan<byte> batch) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(batch),
        TotalSize = unchecked(BinaryPrimitives.ReadInt32BigEndian(batch[LengthAt..]) + Prefix),
        Magic = (sbyte)batch[MagicAt],
        Crc = BinaryPrimitives.ReadUInt32BigEndian(batch[CrcAt..]),
        Attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesAt..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(batch[LastOffsetDeltaAt..]),
        FirstTimestamp = BinaryPrimitives.ReadInt64BigEndian(batch[FirstTimestampAt..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(batch[MaxTimestampAt..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(batch[ProducerIdAt..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(batch[ProducerEpochAt..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(batch[BaseSequenceAt..]),
        Count = BinaryPrimitives.ReadInt32BigEndian(batch[CountAt..]),
    };

    /// <summary>The checksum that the batch should carry: over all from the attributes on.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> batch) => Crc32C.Of(batch[AttributesAt..]);

    /// <summary>Gives the batch its place in the log. The checksum does not cover these fields.</summary>
    public static void Place(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[EpochAt..], leaderEpoch);
    }

    /// <summary>Makes the time of the log the time of every record.</summary>
    public static void StampAppendTime(Span<byte> batch, long timestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesAt..]);
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], (short)(attributes | LogAppendTimeFlag));
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], ComputeCrc(batch));
    }
}
