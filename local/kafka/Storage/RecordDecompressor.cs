using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Snappier;
using ZstdSharp;

namespace KafkaBroker.Storage;

/// <summary>Unpacks the records of a batch. Only a search by time needs it: everything else leaves them packed.</summary>
internal static class RecordDecompressor
{
    /// <summary>More is not unpacked, so that a small batch of a hostile producer cannot take all the memory.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    // What the Java clients put before their blocks of snappy: a magic of eight bytes and two versions.
    private const int SnappyStreamHeader = 16;

    private static ReadOnlySpan<byte> SnappyStreamMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    /// <returns>False when the records cannot be unpacked, or only with too much memory.</returns>
    public static bool TryDecompress(Compression compression, ReadOnlyMemory<byte> packed, out ReadOnlyMemory<byte> records)
    {
        try
        {
            var unpacked = compression switch
            {
                Compression.None => packed,
                Compression.Gzip => Read(new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress)),
                Compression.Lz4 => Read(LZ4Stream.Decode(new MemoryStream(packed.ToArray()))),
                Compression.Zstd => Read(new DecompressionStream(new MemoryStream(packed.ToArray()))),
                Compression.Snappy => UnpackSnappy(packed.Span),
                _ => null,
            };
            records = unpacked ?? default;
            return unpacked is not null;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException or ArgumentException or NotSupportedException)
        {
            records = default;
            return false;
        }
    }

    private static ReadOnlyMemory<byte>? Read(Stream stream)
    {
        using (stream)
        {
            var unpacked = new MemoryStream();
            var block = new byte[64 * 1024];
            for (int read; (read = stream.Read(block)) > 0;)
            {
                if (unpacked.Length + read > MaxBytes)
                {
                    return null;
                }

                unpacked.Write(block, 0, read);
            }

            return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
        }
    }

    private static ReadOnlyMemory<byte>? UnpackSnappy(ReadOnlySpan<byte> packed)
    {
        if (!packed.StartsWith(SnappyStreamMagic))
        {
            return Snappy.GetUncompressedLength(packed) <= MaxBytes ? Snappy.DecompressToArray(packed) : null;
        }

        var unpacked = new MemoryStream();
        for (var rest = packed[SnappyStreamHeader..]; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var block = rest.Slice(sizeof(int), length);
            if (unpacked.Length + Snappy.GetUncompressedLength(block) > MaxBytes)
            {
                return null;
            }

            unpacked.Write(Snappy.DecompressToArray(block));
            rest = rest[(sizeof(int) + length)..];
        }

        return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
    }
}
