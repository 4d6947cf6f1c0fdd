using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Deletes groups that have no members.</summary>
internal sealed class DeleteGroupsApi(GroupDirectory groups) : ImmediateApi(ApiKey.DeleteGroups, maxVersion: 1)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        response.WriteThrottleTime();
        var count = request.ReadArrayLength();
        response.WriteArrayLength(count);
        for (; count > 0; count--)
        {
            var id = request.ReadString();
            response.WriteString(id);
            response.WriteError(groups.Delete(id));
        }
    }
}
