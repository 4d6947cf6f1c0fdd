using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Says who coordinates a group: the only broker.</summary>
internal sealed class FindCoordinatorApi(BrokerIdentity broker) : ImmediateApi(ApiKey.FindCoordinator, maxVersion: 2)
{
    private const sbyte Group = 0;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        request.ReadString(); // Name of the group.
        var type = version >= 1 ? request.ReadInt8() : Group;
        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        // Nothing coordinates transactions. The error is one on which clients give up; they would retry the others for ever.
        var isGroup = type == Group;
        response.WriteError(isGroup ? ErrorCode.None : ErrorCode.InvalidRequest);
        if (version >= 1)
        {
            response.WriteString(isGroup ? null : "This broker has no transactions.");
        }

        response.WriteInt32(isGroup ? BrokerIdentity.NodeId : -1);
        response.WriteString(isGroup ? broker.Host : "");
        response.WriteInt32(isGroup ? broker.Port : -1);
    }
}
