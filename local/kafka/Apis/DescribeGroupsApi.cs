using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Shows groups with their members.</summary>
internal sealed class DescribeGroupsApi(GroupDirectory groups) : ImmediateApi(ApiKey.DescribeGroups, maxVersion: 4)
{
    private const int UnknownOperations = int.MinValue;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        var count = request.ReadArrayLength();
        response.WriteArrayLength(count);
        for (; count > 0; count--)
        {
            var id = request.ReadString();
            Write(version, groups.Find(id)?.Describe() ?? new(id, GroupState.Dead, "", "", []), response);
        }
    }

    private static void Write(short version, GroupDescription group, ResponseWriter response)
    {
        response.WriteError(ErrorCode.None);
        response.WriteString(group.Id);
        response.WriteString(group.State.ToString());
        response.WriteString(group.ProtocolType);
        response.WriteString(group.Protocol);
        response.WriteArrayLength(group.Members.Count);
        foreach (var member in group.Members)
        {
            response.WriteString(member.Id);
            if (version >= 4)
            {
                response.WriteString(member.InstanceId);
            }

            response.WriteString(member.ClientId);
            response.WriteString(member.ClientHost);
            response.WriteBytes(member.Metadata);
            response.WriteBytes(member.Assignment);
        }

        if (version >= 3)
        {
            response.WriteInt32(UnknownOperations);
        }
    }
}
