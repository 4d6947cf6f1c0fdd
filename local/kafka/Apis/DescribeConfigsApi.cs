using System.Globalization;
using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Shows the settings of topics, and those few of the broker.</summary>
internal sealed class DescribeConfigsApi(TopicDirectory topics, TopicDefaults defaults) : Api(ApiKey.DescribeConfigs, maxVersion: 3)
{
    private const sbyte OfTopic = 1, OfCommandLine = 4, OfDefault = 5;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var wanted = new (sbyte Type, string Name, HashSet<string>? Settings)[request.ReadArrayLength()];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (request.ReadInt8(), request.ReadString(), ReadSettings(ref request));
        }

        var withSynonyms = header.Version >= 1 && request.ReadBoolean();
        var response = new ResponseWriter(header.CorrelationId);
        response.WriteThrottleTime();
        response.WriteArrayLength(wanted.Length);
        foreach (var (type, name, settings) in wanted)
        {
            Write(header.Version, type, name, settings, withSynonyms, response);
        }

        return new(response);
    }

    private static HashSet<string>? ReadSettings(ref RequestReader request)
    {
        var left = request.ReadNullableArrayLength();
        if (left < 0)
        {
            return null;
        }

        HashSet<string> settings = [];
        for (; left > 0; left--)
        {
            settings.Add(request.ReadString());
        }

        return settings;
    }

    private void Write(short version, sbyte type, string name, HashSet<string>? settings, bool withSynonyms, ResponseWriter response)
    {
        var (error, found) = Find((ConfigResource)type, name);
        var shown = found.Where(setting => settings is null || settings.Contains(setting.Name)).ToList();
        response.WriteError(error);
        response.WriteString(null);
        response.WriteInt8(type);
        response.WriteString(name);
        response.WriteArrayLength(shown.Count);
        foreach (var setting in shown)
        {
            Write(version, setting, withSynonyms, response);
        }
    }

    private (ErrorCode Error, IEnumerable<Shown> Settings) Find(ConfigResource type, string name) => type switch
    {
        ConfigResource.Topic when topics.Find(name) is { } topic => (ErrorCode.None, TopicSetting.All.Values.Select(setting =>
            new Shown(setting.Name, topic.Settings.Value(setting.Name), setting.Type, topic.Settings.Given.ContainsKey(setting.Name) ? OfTopic : OfDefault))),
        ConfigResource.Topic => (Topic.IsValidName(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic, []),
        ConfigResource.Broker when name == BrokerIdentity.NodeId.ToString(CultureInfo.InvariantCulture) => (ErrorCode.None,
        [
            new("auto.create.topics.enable", defaults.AutoCreate ? "true" : "false", TopicSettingType.Boolean, OfCommandLine),
            new("default.replication.factor", "1", TopicSettingType.Int, OfDefault),
            new("num.partitions", defaults.Partitions.ToString(CultureInfo.InvariantCulture), TopicSettingType.Int, OfCommandLine),
        ]),
        _ => (ErrorCode.InvalidRequest, []),
    };

    private static void Write(short version, Shown setting, bool withSynonyms, ResponseWriter response)
    {
        response.WriteString(setting.Name);
        response.WriteString(setting.Value);
        response.WriteBoolean(setting.Source == OfCommandLine); // Read only.
        if (version == 0)
        {
            response.WriteBoolean(setting.Source == OfDefault);
        }
        else
        {
            response.WriteInt8(setting.Source);
        }

        response.WriteBoolean(false); // Secret.
        if (version >= 1)
        {
            WriteSynonyms(setting, withSynonyms, response);
        }

        if (version >= 3)
        {
            response.WriteInt8((sbyte)setting.Type);
            response.WriteString(null); // Documentation.
        }
    }

    // Where the value would come from if it were not given.
    private static void WriteSynonyms(Shown setting, bool isWanted, ResponseWriter response)
    {
        response.WriteArrayLength(isWanted ? 1 : 0);
        if (isWanted)
        {
            response.WriteString(setting.Name);
            response.WriteString(setting.Value);
            response.WriteInt8(setting.Source);
        }
    }

    private sealed record Shown(string Name, string Value, TopicSettingType Type, sbyte Source);
}
