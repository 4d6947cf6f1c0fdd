using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Changes the settings of topics: what AlterConfigs and IncrementalAlterConfigs have in common.</summary>
internal static class TopicSettingChanges
{
    /// <summary>Makes each change and answers for it.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="changes">Resource by resource: how new settings come of old ones.</param>
    /// <param name="validateOnly">Whether to say only what would happen.</param>
    /// <param name="response">Gets the answer.</param>
    public static void Apply(TopicDirectory topics, IReadOnlyList<TopicSettingChange> changes, bool validateOnly, ResponseWriter response)
    {
        response.WriteThrottleTime();
        response.WriteArrayLength(changes.Count);
        foreach (var change in changes)
        {
            var (error, message) = Apply(topics, change, validateOnly);
            response.WriteError(error);
            response.WriteString(message);
            response.WriteInt8(change.ResourceType);
            response.WriteString(change.Name);
        }
    }

    private static (ErrorCode Error, string? Message) Apply(TopicDirectory topics, TopicSettingChange change, bool validateOnly)
    {
        if ((ConfigResource)change.ResourceType != ConfigResource.Topic)
        {
            return (ErrorCode.InvalidRequest, "Only topics have settings that can change.");
        }

        if (topics.Find(change.Name) is null)
        {
            return (ErrorCode.UnknownTopicOrPartition, null);
        }

        return topics.Configure(change.Name, change.Change, validateOnly) is { } problem ? (ErrorCode.InvalidConfig, problem) : (ErrorCode.None, null);
    }
}

/// <summary>A change of a topic's settings.</summary>
/// <param name="ResourceType">As in the request.</param>
/// <param name="Name">The topic.</param>
/// <param name="Change">Makes the settings to give of those it has.</param>
internal sealed record TopicSettingChange(sbyte ResourceType, string Name, Func<TopicSettings, IReadOnlyDictionary<string, string>> Change);
