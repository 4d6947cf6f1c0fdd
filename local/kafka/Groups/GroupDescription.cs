namespace KafkaBroker.Groups;

/// <summary>What there is to see of a group.</summary>
internal sealed record GroupDescription(string Id, GroupState State, string ProtocolType, string Protocol, IReadOnlyList<DescribedMember> Members);

/// <summary>What there is to see of a member.</summary>
internal sealed record DescribedMember(string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
