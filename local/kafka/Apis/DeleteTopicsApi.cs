using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Deletes topics, with the offsets that groups have in them.</summary>
internal sealed class DeleteTopicsApi(TopicDirectory topics, GroupDirectory groups) : ImmediateApi(ApiKey.DeleteTopics, maxVersion: 3)
{
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
            var name = request.ReadString();
            var error = topics.Delete(name);
            if (error == ErrorCode.None)
            {
                groups.ForgetTopic(name);
            }

            response.WriteString(name);
            response.WriteError(error);
        }
    }
}
