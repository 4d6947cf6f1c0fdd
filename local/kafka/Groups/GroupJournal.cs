using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KafkaBroker.Storage;
using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Groups;

/// <summary>The file of one group: entries, one after another, each with its length and checksum. Its group guards it.</summary>
internal sealed class GroupJournal : IFlushable, IDisposable
{
    /// <summary>Bytes of superseded entries that are not worth rewriting the file for.</summary>
    private const int Slack = 256 * 1024;

    private const int Prefix = 2 * sizeof(int);

    private readonly string _path;
    private SafeFileHandle _file;
    private long _size;
    private long _compactSize;

    private GroupJournal(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Whether most of it is superseded.</summary>
    public bool IsWorthCompacting => _size > (2 * _compactSize) + Slack;

    /// <summary>Begins the journal of a group.</summary>
    public static GroupJournal Create(string folder, string groupId)
    {
        // A group may be called anything, a file may not.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(groupId)));
        var path = Path.Combine(folder, name + ".journal");
        var journal = new GroupJournal(path, File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));
        journal.Append([new JournalEntry.Named(groupId)]);
        return journal;
    }

    /// <summary>Reads a journal, and cuts off what a crash left of its last entry.</summary>
    public static (GroupJournal Journal, List<JournalEntry> Entries) Open(string path)
    {
        var bytes = File.ReadAllBytes(path);
        List<JournalEntry> entries = [];
        var size = 0;
        while (TryFindEntry(bytes.AsSpan(size), out var length))
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, size + Prefix, length));
            entries.Add(JournalEntry.Read(reader));
            size += Prefix + length;
        }

        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        RandomAccess.SetLength(file, size);
        return (new(path, file) { _size = size, _compactSize = size }, entries);
    }

    /// <exception cref="IOException">They were not written.</exception>
    public void Append(IEnumerable<JournalEntry> entries)
    {
        var bytes = Serialize(entries);
        try
        {
            RandomAccess.Write(_file, bytes, _size);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, _size);
            throw;
        }

        _size += bytes.Length;
    }

    /// <summary>Replaces the file by one of only these entries.</summary>
    public void Compact(IEnumerable<JournalEntry> entries)
    {
        var bytes = Serialize(entries);
        var fresh = _path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(fresh, _path, overwrite: true);
        _file.Dispose();
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        _size = _compactSize = bytes.Length;
    }

    /// <inheritdoc />
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
            DurableFile.FlushFolder(Path.GetDirectoryName(_path)!);
        }
        catch (ObjectDisposedException)
        {
            // Deleted meanwhile, or replaced by a compact one, which is on the disk already.
        }
    }

    public void Delete()
    {
        File.Delete(_path);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Serialize(IEnumerable<JournalEntry> entries)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var entry in entries)
        {
            var start = (int)bytes.Length;
            writer.Write(0L);
            entry.Write(writer);
            var whole = bytes.GetBuffer().AsSpan(start..(int)bytes.Length);
            BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - Prefix);
            BinaryPrimitives.WriteUInt32BigEndian(whole[sizeof(int)..], Crc32C.Of(whole[Prefix..]));
        }

        return bytes.ToArray();
    }

    private static bool TryFindEntry(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.Length >= Prefix ? BinaryPrimitives.ReadInt32BigEndian(bytes) : -1;
        return length > 0 && length <= bytes.Length - Prefix
            && Crc32C.Of(bytes.Slice(Prefix, length)) == BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(int)..]);
    }
}
