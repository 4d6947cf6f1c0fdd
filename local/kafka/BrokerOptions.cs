namespace KafkaBroker;

/// <summary>What the command line decides.</summary>
internal sealed record BrokerOptions
{
    /// <summary>Folder of all data; made if it is not there.</summary>
    public required string Data { get; init; }

    /// <summary>Port; 0 takes a free one.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>What clients are told to connect to, and whose addresses are listened on.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Partitions of a topic that is made without a number.</summary>
    public int Partitions { get; init; } = 12;

    /// <summary>Whether the disk must have a batch before it is acknowledged.</summary>
    public bool Fsync { get; init; }

    /// <summary>Whether a topic is made when a client asks for one that does not exist.</summary>
    public bool AutoCreateTopics { get; init; }
}
