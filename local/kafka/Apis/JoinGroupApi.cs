using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Joins a group, and waits until all others have.</summary>
internal sealed class JoinGroupApi(GroupDirectory groups) : Api(ApiKey.JoinGroup, maxVersion: 5)
{
    private const short FirstWithMemberIdRequired = 4;

    /// <summary>What a member may say to its leader. It is kept as long as the member is.</summary>
    private const int MaxMetadataBytes = 1024 * 1024;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var group = request.ReadString();
        var sessionTimeout = TimeSpan.FromMilliseconds(request.ReadInt32());
        var rebalanceTimeout = header.Version >= 1 ? TimeSpan.FromMilliseconds(Math.Max(0, request.ReadInt32())) : sessionTimeout;
        var join = new JoinRequest
        {
            MemberId = request.ReadString(),
            InstanceId = header.Version >= 5 ? request.ReadNullableString() : null,
            ClientId = header.ClientId,
            ClientHost = caller.Host,
            SessionTimeout = sessionTimeout,
            RebalanceTimeout = rebalanceTimeout,
            ProtocolType = request.ReadString(),
            Protocols = ReadProtocols(ref request),
            AsksForMemberId = header.Version >= FirstWithMemberIdRequired,
        };
        return join.Protocols.Sum(protocol => protocol.Metadata.Length) > MaxMetadataBytes
            ? new(Write(header, JoinResult.Failed(ErrorCode.InvalidRequest, join.MemberId)))
            : AnswerAsync(header, groups.JoinAsync(group, join), caller);
    }

    private static GroupProtocol[] ReadProtocols(ref RequestReader request)
    {
        var protocols = new GroupProtocol[request.ReadArrayLength()];
        for (var i = 0; i < protocols.Length; i++)
        {
            protocols[i] = new(request.ReadString(), request.ReadBytes().ToArray());
        }

        return protocols;
    }

    // A client that goes while it waits is still a member, until its session ends: it may come back on another connection.
    private static async ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, Task<JoinResult> joining, Caller caller) =>
        Write(header, await joining.WaitAsync(caller.Disconnected).ConfigureAwait(false));

    private static ResponseWriter Write(RequestHeader header, JoinResult result)
    {
        var response = new ResponseWriter(header.CorrelationId);
        if (header.Version >= 2)
        {
            response.WriteThrottleTime();
        }

        response.WriteError(result.Error);
        response.WriteInt32(result.Generation);
        response.WriteString(result.Protocol);
        response.WriteString(result.Leader);
        response.WriteString(result.MemberId);
        response.WriteArrayLength(result.Members.Count);
        foreach (var member in result.Members)
        {
            response.WriteString(member.MemberId);
            if (header.Version >= 5)
            {
                response.WriteString(member.InstanceId);
            }

            response.WriteBytes(member.Metadata);
        }

        return response;
    }
}
