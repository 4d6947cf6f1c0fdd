using KafkaBroker.Storage;

namespace KafkaBroker.Topics;

/// <summary>A topic as it is now. A change makes another one, with the same logs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Partitions">Its partitions, by number.</param>
internal sealed record Topic(string Name, TopicSettings Settings, IReadOnlyList<PartitionLog> Partitions)
{
    private const int MaxNameLength = 249;

    /// <summary>Whether a topic may be called so.</summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name is not ("." or "..")
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <summary>A partition; null when there is none of that number.</summary>
    public PartitionLog? Find(int partition) => (uint)partition < (uint)Partitions.Count ? Partitions[partition] : null;
}
