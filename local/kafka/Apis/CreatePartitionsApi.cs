using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsApi(TopicDirectory topics) : Api(ApiKey.CreatePartitions, maxVersion: 1)
{
    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var wanted = new (string Name, int Count)[request.ReadArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (request.ReadString(), request.ReadInt32());
            PassAssignments(ref request);
        }

        request.ReadInt32(); // How long to wait for other brokers.
        return new(Answer(header, wanted, request.ReadBoolean()));
    }

    // There is one broker for them to be on.
    private static void PassAssignments(ref RequestReader request)
    {
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            for (var brokers = request.ReadArrayLength(); brokers > 0; brokers--)
            {
                request.ReadInt32();
            }
        }
    }

    private ResponseWriter Answer(RequestHeader header, (string Name, int Count)[] wanted, bool validateOnly)
    {
        var response = new ResponseWriter(header.CorrelationId);
        response.WriteThrottleTime();
        response.WriteArrayLength(wanted.Length);
        foreach (var (name, count) in wanted)
        {
            var error = topics.Grow(name, count, validateOnly);
            response.WriteString(name);
            response.WriteError(error);
            response.WriteString(error == ErrorCode.InvalidPartitions ? "A topic can only have more partitions than before." : null);
        }

        return response;
    }
}
