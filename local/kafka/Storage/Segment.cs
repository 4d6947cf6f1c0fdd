using System.Buffers;
using System.Globalization;
using KafkaBroker.Protocol;
using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Storage;

/// <summary>A file of record batches, one after another as they were received, named after its first offset. <see cref="PartitionLog"/> guards it, reading excepted.</summary>
internal sealed class Segment
{
    private const string Extension = ".log";

    private readonly SafeFileHandle _file;
    private int _users = 1;

    private Segment(string path, long baseOffset, SafeFileHandle file)
    {
        Path = path;
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        _file = file;
    }

    public string Path { get; }

    /// <summary>Offset of its first record, if it has any.</summary>
    public long BaseOffset { get; }

    /// <summary>Offset after its last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Bytes of whole batches.</summary>
    public int Size { get; private set; }

    /// <summary>The latest time of its records, unix milliseconds; -1 without any.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>When its first record was written, by the record's time; null without any.</summary>
    public long? FirstTimestamp { get; private set; }

    /// <summary>What its age is counted from, unix milliseconds: the latest record, or the file's time when records carry none.</summary>
    public long LastChange => MaxTimestamp >= 0 ? MaxTimestamp : new DateTimeOffset(File.GetLastWriteTimeUtc(_file)).ToUnixTimeMilliseconds();

    public SegmentIndex Index { get; } = new();

    public static Segment Create(string folder, long baseOffset)
    {
        var path = System.IO.Path.Combine(folder, baseOffset.ToString("D20", CultureInfo.InvariantCulture) + Extension);
        return new(path, baseOffset, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));
    }

    /// <summary>The segments of a folder in order, still without content: <see cref="Recover"/> finds it.</summary>
    public static List<Segment> OpenAll(string folder)
    {
        List<Segment> found = [];
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            if (long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var baseOffset))
            {
                found.Add(new(path, baseOffset, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete)));
            }
        }

        return found;
    }

    /// <summary>Reads the batches of the file, and cuts the file after the last one that is whole.</summary>
    /// <param name="verify">Whether to compare every checksum. Without, only headers are read.</param>
    /// <param name="onBatch">Gets every batch.</param>
    /// <returns>Bytes cut off.</returns>
    public long Recover(bool verify, Action<BatchHeader> onBatch)
    {
        var length = RandomAccess.GetLength(_file);
        using (var walk = new BatchWalk(this, position: 0, end: (int)Math.Min(length, int.MaxValue), blockSize: 64 * 1024))
        {
            while (walk.MoveNext() && walk.Header.BaseOffset == NextOffset && (!verify || HasRightCrc(walk.Position, walk.Header)))
            {
                Note(walk.Header);
                onBatch(walk.Header);
            }
        }

        if (length > Size)
        {
            RandomAccess.SetLength(_file, Size);
        }

        return length - Size;
    }

    /// <summary>Adds a batch at the end.</summary>
    /// <exception cref="IOException">It was not written; the segment is as before.</exception>
    public void Append(ReadOnlySpan<byte> batch, in BatchHeader header)
    {
        try
        {
            RandomAccess.Write(_file, batch, Size);
        }
        catch (IOException)
        {
            // Half a batch must not be left for the next one to overwrite only in part.
            RandomAccess.SetLength(_file, Size);
            throw;
        }

        Note(header);
    }

    /// <exception cref="EndOfStreamException">The file is shorter than it was: somebody else has cut it.</exception>
    public void Read(int position, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var read = RandomAccess.Read(_file, target, position);
            if (read == 0)
            {
                throw new EndOfStreamException($"{Path} ends at {position}.");
            }

            position += read;
            target = target[read..];
        }
    }

    /// <summary>Sends as much of a range as the client takes at once.</summary>
    /// <returns>Bytes sent.</returns>
    public int SendWithoutWaiting(int position, int count, IResponseSink sink) => sink.SendWithoutWaiting(_file, position, count);

    /// <summary>Makes the disk have all that was appended.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <summary>Keeps the file open for a reader.</summary>
    public void Acquire() => Interlocked.Increment(ref _users);

    /// <summary>The last to release it closes the file.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _file.Dispose();
        }
    }

    /// <summary>Deletes the file. Who reads it still can.</summary>
    public void Delete()
    {
        File.Delete(Path);
        Release();
    }

    private void Note(in BatchHeader header)
    {
        Index.Add((int)(header.BaseOffset - BaseOffset), Size, MaxTimestamp);
        Size += header.TotalSize;
        NextOffset = header.NextOffset;
        MaxTimestamp = Math.Max(MaxTimestamp, header.MaxTimestamp);
        FirstTimestamp ??= header.MaxTimestamp >= 0 ? header.MaxTimestamp : null;
    }

    private bool HasRightCrc(int position, in BatchHeader header)
    {
        var batch = ArrayPool<byte>.Shared.Rent(header.TotalSize);
        try
        {
            Read(position, batch.AsSpan(0, header.TotalSize));
            return BatchHeader.ComputeCrc(batch.AsSpan(0, header.TotalSize)) == header.Crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }
}
