using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Waits for the leader to divide the partitions; the leader brings the result.</summary>
internal sealed class SyncGroupApi(GroupDirectory groups) : Api(ApiKey.SyncGroup, maxVersion: 3)
{
    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var group = request.ReadString();
        var generation = request.ReadInt32();
        var memberId = request.ReadString();
        var instanceId = header.Version >= 3 ? request.ReadNullableString() : null;
        var assignments = ReadAssignments(ref request);
        return AnswerAsync(header, groups.Find(group)?.Sync(memberId, instanceId, generation, assignments), caller);
    }

    private static Dictionary<string, byte[]> ReadAssignments(ref RequestReader request)
    {
        Dictionary<string, byte[]> assignments = [];
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            assignments[request.ReadString()] = request.ReadBytes().ToArray();
        }

        return assignments;
    }

    private static async ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, Task<SyncResult>? syncing, Caller caller)
    {
        var result = syncing is null ? SyncResult.Failed(ErrorCode.UnknownMemberId) : await syncing.WaitAsync(caller.Disconnected).ConfigureAwait(false);
        var response = new ResponseWriter(header.CorrelationId);
        if (header.Version >= 1)
        {
            response.WriteThrottleTime();
        }

        response.WriteError(result.Error);
        response.WriteBytes(result.Assignment);
        return response;
    }
}
