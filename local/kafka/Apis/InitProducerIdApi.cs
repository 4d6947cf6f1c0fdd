using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Apis;

/// <summary>Gives an idempotent producer its number.</summary>
internal sealed class InitProducerIdApi(ProducerIds ids) : ImmediateApi(ApiKey.InitProducerId, maxVersion: 1)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var isTransactional = request.ReadNullableString() is not null;
        request.ReadInt32(); // Timeout of transactions.
        response.WriteThrottleTime();
        response.WriteError(isTransactional ? ErrorCode.InvalidRequest : ErrorCode.None);
        response.WriteInt64(isTransactional ? -1 : ids.Next());
        response.WriteInt16(isTransactional ? (short)-1 : (short)0);
    }
}
