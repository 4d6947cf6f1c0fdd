using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Tells of the broker, which is the only one, and of topics.</summary>
internal sealed class MetadataApi(TopicDirectory topics, BrokerIdentity broker, TopicDefaults defaults) : ImmediateApi(ApiKey.Metadata, maxVersion: 8)
{
    /// <summary>Authorizations were not asked for.</summary>
    private const int UnknownOperations = int.MinValue;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var names = ReadNames(version, ref request);
        var mayCreate = (version < 4 || request.ReadBoolean()) && defaults.AutoCreate;
        if (version >= 3)
        {
            response.WriteThrottleTime();
        }

        WriteBroker(version, response);
        if (names is null)
        {
            WriteTopics(version, [.. topics.All.OrderBy(topic => topic.Name, StringComparer.Ordinal).Select(topic => (topic.Name, topic, ErrorCode.None))], response);
        }
        else
        {
            WriteTopics(version, [.. names.Select(name => Look(name, mayCreate))], response);
        }

        if (version >= 8)
        {
            response.WriteInt32(UnknownOperations);
        }
    }

    // Version 0 asks for all topics with an empty list, the others with none.
    private static string[]? ReadNames(short version, ref RequestReader request)
    {
        var count = request.ReadNullableArrayLength();
        if (count < 0 || (count == 0 && version == 0))
        {
            return null;
        }

        var names = new string[count];
        for (var i = 0; i < count; i++)
        {
            names[i] = request.ReadString();
        }

        return names;
    }

    private (string Name, Topic? Topic, ErrorCode Error) Look(string name, bool mayCreate)
    {
        if (!Topic.IsValidName(name))
        {
            return (name, null, ErrorCode.InvalidTopic);
        }

        if (topics.Find(name) is null && mayCreate)
        {
            topics.Create(name, defaults.Partitions, TopicSettings.Default, validateOnly: false);
        }

        var topic = topics.Find(name);
        return (name, topic, topic is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None);
    }

    private void WriteBroker(short version, ResponseWriter response)
    {
        response.WriteArrayLength(1);
        response.WriteInt32(BrokerIdentity.NodeId);
        response.WriteString(broker.Host);
        response.WriteInt32(broker.Port);
        if (version >= 1)
        {
            response.WriteString(null); // Rack.
        }

        if (version >= 2)
        {
            response.WriteString(broker.ClusterId);
        }

        if (version >= 1)
        {
            response.WriteInt32(BrokerIdentity.NodeId); // Controller.
        }
    }

    private static void WriteTopics(short version, IReadOnlyList<(string Name, Topic? Topic, ErrorCode Error)> found, ResponseWriter response)
    {
        response.WriteArrayLength(found.Count);
        foreach (var (name, topic, error) in found)
        {
            response.WriteError(error);
            response.WriteString(name);
            if (version >= 1)
            {
                response.WriteBoolean(false); // Internal.
            }

            WritePartitions(version, topic?.Partitions.Count ?? 0, response);
            if (version >= 8)
            {
                response.WriteInt32(UnknownOperations);
            }
        }
    }

    private static void WritePartitions(short version, int count, ResponseWriter response)
    {
        response.WriteArrayLength(count);
        for (var partition = 0; partition < count; partition++)
        {
            response.WriteError(ErrorCode.None);
            response.WriteInt32(partition);
            response.WriteInt32(BrokerIdentity.NodeId);
            if (version >= 7)
            {
                response.WriteInt32(PartitionLog.LeaderEpoch);
            }

            WriteNodes(response); // Replicas.
            WriteNodes(response); // In sync.
            if (version >= 5)
            {
                response.WriteArrayLength(0); // Offline.
            }
        }
    }

    private static void WriteNodes(ResponseWriter response)
    {
        response.WriteArrayLength(1);
        response.WriteInt32(BrokerIdentity.NodeId);
    }
}
