using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Lists the groups.</summary>
internal sealed class ListGroupsApi(GroupDirectory groups) : ImmediateApi(ApiKey.ListGroups, maxVersion: 2)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        response.WriteError(ErrorCode.None);
        var described = groups.All.Select(group => group.Describe()).Where(group => group.State != GroupState.Dead).ToList();
        response.WriteArrayLength(described.Count);
        foreach (var group in described)
        {
            response.WriteString(group.Id);
            response.WriteString(group.ProtocolType);
        }
    }
}
