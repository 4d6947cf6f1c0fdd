using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>A member's sign of life, answered with the news of a rebalance.</summary>
internal sealed class HeartbeatApi(GroupDirectory groups) : ImmediateApi(ApiKey.Heartbeat, maxVersion: 3)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var group = request.ReadString();
        var generation = request.ReadInt32();
        var memberId = request.ReadString();
        var instanceId = version >= 3 ? request.ReadNullableString() : null;
        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        response.WriteError(groups.Find(group)?.Heartbeat(memberId, instanceId, generation) ?? ErrorCode.UnknownMemberId);
    }
}
