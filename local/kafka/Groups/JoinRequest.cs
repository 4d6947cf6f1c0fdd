namespace KafkaBroker.Groups;

/// <summary>What a consumer brings when it joins a group.</summary>
internal sealed record JoinRequest
{
    /// <summary>Its member id; empty at first.</summary>
    public required string MemberId { get; init; }

    /// <summary>Its own name, by which it is the same member after a restart; null of a dynamic member.</summary>
    public required string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    /// <summary>Without a sign of life for so long it is gone.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>How long it may take to rejoin.</summary>
    public required TimeSpan RebalanceTimeout { get; init; }

    /// <summary>"consumer", of consumers.</summary>
    public required string ProtocolType { get; init; }

    /// <summary>The ways to divide partitions that it knows, the best first, with what the leader has to know of it.</summary>
    public required IReadOnlyList<GroupProtocol> Protocols { get; init; }

    /// <summary>Whether the client expects to be given a member id and to join once more with it, which keeps clients that give up from becoming members.</summary>
    public required bool AsksForMemberId { get; init; }
}

/// <summary>A way to divide partitions.</summary>
/// <param name="Name">For example "range".</param>
/// <param name="Metadata">The member's words to the leader. The broker does not read them.</param>
internal sealed record GroupProtocol(string Name, byte[] Metadata);
