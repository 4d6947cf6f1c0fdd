using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Makes topics.</summary>
internal sealed class CreateTopicsApi(TopicDirectory topics, TopicDefaults defaults) : Api(ApiKey.CreateTopics, maxVersion: 4)
{
    private const int ByDefault = -1;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var wanted = new Wanted[request.ReadArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = Read(ref request);
        }

        request.ReadInt32(); // How long to wait for other brokers.
        var validateOnly = header.Version >= 1 && request.ReadBoolean();
        return new(Answer(header, wanted, validateOnly));
    }

    private static Wanted Read(ref RequestReader request)
    {
        var name = request.ReadString();
        var partitions = request.ReadInt32();
        var replication = request.ReadInt16();
        List<int> assigned = [];
        var isOnOthers = false;
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            assigned.Add(request.ReadInt32());
            isOnOthers |= ReadBrokers(ref request) is not [BrokerIdentity.NodeId];
        }

        return new(name, partitions, replication, isOnOthers ? null : assigned, ReadSettings(ref request));
    }

    private static int[] ReadBrokers(ref RequestReader request)
    {
        var brokers = new int[request.ReadArrayLength()];
        for (var i = 0; i < brokers.Length; i++)
        {
            brokers[i] = request.ReadInt32();
        }

        return brokers;
    }

    private static Dictionary<string, string> ReadSettings(ref RequestReader request)
    {
        Dictionary<string, string> settings = [];
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            settings[request.ReadString()] = request.ReadNullableString() ?? "";
        }

        return settings;
    }

    private ResponseWriter Answer(RequestHeader header, Wanted[] wanted, bool validateOnly)
    {
        var response = new ResponseWriter(header.CorrelationId);
        if (header.Version >= 2)
        {
            response.WriteThrottleTime();
        }

        var repeated = wanted.CountBy(topic => topic.Name).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet();
        response.WriteArrayLength(wanted.Length);
        foreach (var topic in wanted)
        {
            var (error, message) = repeated.Contains(topic.Name) ? (ErrorCode.InvalidRequest, "The topic is named more than once.") : Create(topic, validateOnly);
            response.WriteString(topic.Name);
            response.WriteError(error);
            if (header.Version >= 1)
            {
                response.WriteString(message);
            }
        }

        return response;
    }

    private (ErrorCode Error, string? Message) Create(Wanted wanted, bool validateOnly)
    {
        if (!Topic.IsValidName(wanted.Name))
        {
            return (ErrorCode.InvalidTopic, "A topic's name has up to 249 letters, digits, dots, underscores and hyphens.");
        }

        if (Check(wanted, out var partitions) is var (error, message) and not (ErrorCode.None, _))
        {
            return (error, message);
        }

        if (!TopicSettings.TryCreate(wanted.Settings, out var settings, out var problem))
        {
            return (ErrorCode.InvalidConfig, problem);
        }

        return topics.Create(wanted.Name, partitions, settings, validateOnly) switch
        {
            ErrorCode.None => (ErrorCode.None, null),
            ErrorCode.TopicAlreadyExists => (ErrorCode.TopicAlreadyExists, "The topic exists already."),
            var other => (other, "The broker has as many partitions as it can take."),
        };
    }

    // Partitions are either counted or placed by the client, never both.
    private (ErrorCode Error, string? Message) Check(Wanted wanted, out int partitions)
    {
        partitions = wanted.Partitions == ByDefault ? defaults.Partitions : wanted.Partitions;
        if (wanted.Assigned is null)
        {
            return (ErrorCode.InvalidReplicaAssignment, $"The only broker is {BrokerIdentity.NodeId}.");
        }

        if (wanted.Assigned.Count > 0)
        {
            partitions = wanted.Assigned.Count;
            return wanted.Partitions != ByDefault || wanted.Replication != ByDefault
                ? (ErrorCode.InvalidRequest, "Partitions are both counted and assigned.")
                : wanted.Assigned.Order().SequenceEqual(Enumerable.Range(0, partitions)) ? (ErrorCode.None, null)
                : (ErrorCode.InvalidReplicaAssignment, "Partitions are not numbered from 0 on.");
        }

        return partitions < 1 ? (ErrorCode.InvalidPartitions, "Number of partitions must be larger than 0.")
            : wanted.Replication is not (ByDefault or 1) ? (ErrorCode.InvalidReplicationFactor, $"Replication factor: {wanted.Replication} larger than available brokers: 1.")
            : (ErrorCode.None, null);
    }

    private sealed record Wanted(string Name, int Partitions, short Replication, List<int>? Assigned, Dictionary<string, string> Settings);
}
