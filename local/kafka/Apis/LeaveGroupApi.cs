using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Removes members from a group.</summary>
internal sealed class LeaveGroupApi(GroupDirectory groups) : ImmediateApi(ApiKey.LeaveGroup, maxVersion: 3)
{
    private const short FirstWithMany = 3;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var group = groups.Find(request.ReadString());
        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        if (version < FirstWithMany)
        {
            response.WriteError(group?.Leave(request.ReadString(), instanceId: null) ?? ErrorCode.UnknownMemberId);
            return;
        }

        response.WriteError(ErrorCode.None);
        var members = request.ReadArrayLength();
        response.WriteArrayLength(members);
        for (; members > 0; members--)
        {
            var memberId = request.ReadString();
            var instanceId = request.ReadNullableString();
            response.WriteString(memberId);
            response.WriteString(instanceId);
            response.WriteError(group?.Leave(memberId, instanceId) ?? ErrorCode.UnknownMemberId);
        }
    }
}
