using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>What a consumer is told when it has joined.</summary>
/// <param name="Error">Why it has not.</param>
/// <param name="MemberId">Its member id.</param>
/// <param name="Generation">The group's generation, which its requests must name.</param>
/// <param name="Protocol">How partitions are divided.</param>
/// <param name="Leader">Member id of who divides them.</param>
/// <param name="Members">All members, for the leader; empty for the others.</param>
internal sealed record JoinResult(ErrorCode Error, string MemberId, int Generation, string Protocol, string Leader, IReadOnlyList<JoinedMember> Members)
{
    public static JoinResult Failed(ErrorCode error, string memberId) => new(error, memberId, -1, "", "", []);
}

/// <summary>A member, as the leader sees it.</summary>
internal sealed record JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

/// <summary>What a member is told when the partitions are divided.</summary>
/// <param name="Error">Why it is told nothing.</param>
/// <param name="Assignment">The leader's words to it. The broker does not read them.</param>
internal sealed record SyncResult(ErrorCode Error, byte[] Assignment)
{
    public static SyncResult Failed(ErrorCode error) => new(error, []);
}
