using KafkaBroker.Storage;
using KafkaBroker.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KafkaBroker.Tests.Running;

/// <summary>One partition in a folder of its own, which can be left as a crash leaves it.</summary>
internal sealed class TestLog : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private TopicSettings _settings;

    public TestLog(params (string Name, string Value)[] settings)
    {
        _settings = Settings(settings);
        Log = Open();
    }

    /// <summary>A moment after the timestamps of <see cref="TestBatch"/>.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

    public PartitionLog Log { get; private set; }

    public string[] Segments => [.. Directory.GetFiles(_folder.Path, "*.log").Order(StringComparer.Ordinal)];

    /// <summary>Closes the log, lets something happen to its files, and opens it again.</summary>
    public void Reopen(Action? meanwhile = null)
    {
        Log.Close(flush: false);
        meanwhile?.Invoke();
        Log = Open();
    }

    public void Configure(params (string Name, string Value)[] settings)
    {
        _settings = Settings(settings);
        Log.Configure(_settings);
    }

    /// <summary>The base offsets of the batches from an offset on, read a batch at a time.</summary>
    public List<long> ReadBaseOffsets(long from = 0)
    {
        List<long> offsets = [];
        while (ReadBatch(from) is { } header)
        {
            offsets.Add(header.BaseOffset);
            from = header.NextOffset;
        }

        return offsets;
    }

    /// <summary>The first batch at an offset; null at the end of the log.</summary>
    public BatchHeader? ReadBatch(long offset)
    {
        using var records = Log.Read(offset, maxBytes: 1, atLeastOne: true).Records;
        if (records.Length == 0)
        {
            return null;
        }

        var bytes = new byte[records.Length];
        records.Read(0, bytes);
        var header = BatchHeader.Read(bytes);
        Assert.Equal(header.Crc, BatchHeader.ComputeCrc(bytes));
        return header;
    }

    public void Dispose()
    {
        Log.Close(flush: false);
        _folder.Dispose();
    }

    private PartitionLog Open() => PartitionLog.Open(_folder.Path, _settings, new(Time, Flush: null, new(NullLogger<StorageLog>.Instance)));

    private static TopicSettings Settings((string Name, string Value)[] settings)
    {
        Assert.True(TopicSettings.TryCreate(settings.ToDictionary(setting => setting.Name, setting => setting.Value), out var parsed, out var problem), problem);
        return parsed;
    }
}
