using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Topics;

/// <summary>
/// All topics: <c>topics/NAME/topic.json</c> and <c>topics/NAME/PARTITION/</c>. A topic is made, and goes, by the renaming of its folder from or to
/// <c>staging</c>, so that it is there either wholly or not at all.
/// </summary>
internal sealed class TopicDirectory
{
    /// <summary>Partitions of all topics together. Each holds a file open.</summary>
    private const int MaxPartitions = 10_000;

    private const string DescriptionFile = "topic.json";

    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<string, Topic> _topics = new();
    private readonly string _folder;
    private readonly string _staging;
    private readonly StorageContext _context;

    private TopicDirectory(string data, StorageContext context)
    {
        _folder = Path.Combine(data, "topics");
        _staging = Path.Combine(data, "staging");
        _context = context;
    }

    public IEnumerable<Topic> All => _topics.Values;

    /// <summary>Opens every log, several at a time.</summary>
    /// <param name="data">The broker's folder.</param>
    /// <param name="context">What partitions share.</param>
    public static TopicDirectory Open(string data, StorageContext context)
    {
        var directory = new TopicDirectory(data, context);
        Directory.CreateDirectory(directory._folder);
        if (Directory.Exists(directory._staging))
        {
            Directory.Delete(directory._staging, recursive: true);
        }

        Directory.CreateDirectory(directory._staging);
        Parallel.ForEach(Directory.EnumerateDirectories(directory._folder), directory.Load);
        return directory;
    }

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    public PartitionLog? Find(string name, int partition) => Find(name)?.Find(partition);

    /// <summary>Makes a topic.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="partitions">How many, 1 or more.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="validateOnly">Whether to say only what would happen.</param>
    public ErrorCode Create(string name, int partitions, TopicSettings settings, bool validateOnly)
    {
        lock (_changing)
        {
            if (_topics.ContainsKey(name))
            {
                return ErrorCode.TopicAlreadyExists;
            }

            if (!HasRoomFor(partitions))
            {
                return ErrorCode.PolicyViolation;
            }

            if (!validateOnly)
            {
                var fresh = Path.Combine(_staging, Guid.NewGuid().ToString("N"));
                Directory.CreateDirectory(fresh);
                Describe(fresh, partitions, settings);
                Directory.Move(fresh, Path.Combine(_folder, name));
                FlushFolder(_folder);
                _topics[name] = new(name, settings, OpenPartitions(name, 0, partitions, settings));
            }

            return ErrorCode.None;
        }
    }

    /// <summary>Removes a topic with its records.</summary>
    public ErrorCode Delete(string name)
    {
        lock (_changing)
        {
            if (!_topics.TryRemove(name, out var topic))
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            var gone = Path.Combine(_staging, Guid.NewGuid().ToString("N"));
            Directory.Move(Path.Combine(_folder, name), gone);
            FlushFolder(_folder);
            foreach (var partition in topic.Partitions)
            {
                partition.Close(flush: false);
            }

            Directory.Delete(gone, recursive: true);
            return ErrorCode.None;
        }
    }

    /// <summary>Gives a topic more partitions.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="partitions">How many it will have in all.</param>
    /// <param name="validateOnly">Whether to say only what would happen.</param>
    public ErrorCode Grow(string name, int partitions, bool validateOnly)
    {
        lock (_changing)
        {
            if (Find(name) is not { } topic)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            if (partitions <= topic.Partitions.Count)
            {
                return ErrorCode.InvalidPartitions;
            }

            if (!HasRoomFor(partitions - topic.Partitions.Count))
            {
                return ErrorCode.PolicyViolation;
            }

            if (!validateOnly)
            {
                Describe(Path.Combine(_folder, name), partitions, topic.Settings);
                _topics[name] = topic with
                {
                    Partitions = [.. topic.Partitions, .. OpenPartitions(name, topic.Partitions.Count, partitions, topic.Settings)],
                };
            }

            return ErrorCode.None;
        }
    }

    /// <summary>Gives a topic other settings.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="change">Makes the new settings of the old.</param>
    /// <param name="validateOnly">Whether to say only what would happen.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Configure(string name, Func<TopicSettings, IReadOnlyDictionary<string, string>> change, bool validateOnly)
    {
        lock (_changing)
        {
            if (Find(name) is not { } topic)
            {
                return "There is no such topic.";
            }

            if (!TopicSettings.TryCreate(change(topic.Settings), out var settings, out var problem))
            {
                return problem;
            }

            if (!validateOnly)
            {
                Describe(Path.Combine(_folder, name), topic.Partitions.Count, settings);
                _topics[name] = topic with { Settings = settings };
                foreach (var partition in topic.Partitions)
                {
                    partition.Configure(settings);
                }
            }

            return null;
        }
    }

    /// <summary>Closes every log, with all of it on the disk.</summary>
    public void Close() => Parallel.ForEach(_topics.Values.SelectMany(topic => topic.Partitions), partition => partition.Close(flush: true));

    private bool HasRoomFor(int partitions) => partitions <= MaxPartitions - _topics.Values.Sum(topic => topic.Partitions.Count);

    private void Load(string folder)
    {
        var name = Path.GetFileName(folder);
        var file = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, DescriptionFile)), TopicJson.Default.TopicFile)!;
        if (!TopicSettings.TryCreate(file.Settings, out var settings, out var problem))
        {
            throw new InvalidDataException($"{Path.Combine(folder, DescriptionFile)}: {problem}");
        }

        _topics[name] = new(name, settings, OpenPartitions(name, 0, file.Partitions, settings));
    }

    private PartitionLog[] OpenPartitions(string name, int from, int to, TopicSettings settings) =>
    [
        .. Enumerable.Range(from, to - from)
            .AsParallel().AsOrdered()
            .Select(number => PartitionLog.Open(Path.Combine(_folder, name, number.ToString(CultureInfo.InvariantCulture)), settings, _context)),
    ];

    private void Describe(string folder, int partitions, TopicSettings settings) => DurableFile.Write(
        Path.Combine(folder, DescriptionFile),
        JsonSerializer.Serialize(new(partitions, settings.Given), TopicJson.Default.TopicFile),
        _context.Flush is not null);

    private void FlushFolder(string folder)
    {
        if (_context.Flush is not null)
        {
            DurableFile.FlushFolder(folder);
        }
    }
}
