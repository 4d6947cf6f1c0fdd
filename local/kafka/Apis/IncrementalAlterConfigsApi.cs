using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Changes some settings of topics.</summary>
internal sealed class IncrementalAlterConfigsApi(TopicDirectory topics) : ImmediateApi(ApiKey.IncrementalAlterConfigs, maxVersion: 0)
{
    private const sbyte Set = 0, Delete = 1, Append = 2;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        List<TopicSettingChange> changes = [];
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            var type = request.ReadInt8();
            var name = request.ReadString();
            List<(string Name, sbyte Operation, string? Value)> settings = [];
            for (var more = request.ReadArrayLength(); more > 0; more--)
            {
                settings.Add((request.ReadString(), request.ReadInt8(), request.ReadNullableString()));
            }

            changes.Add(new(type, name, given => Merge(given, settings)));
        }

        TopicSettingChanges.Apply(topics, changes, validateOnly: request.ReadBoolean(), response);
    }

    private static Dictionary<string, string> Merge(TopicSettings given, List<(string Name, sbyte Operation, string? Value)> changes)
    {
        var merged = given.Given.ToDictionary();
        foreach (var (name, operation, value) in changes)
        {
            if (operation == Delete)
            {
                merged.Remove(name);
            }
            else if (operation == Set)
            {
                merged[name] = value ?? "";
            }
            else if (operation == Append && TopicSetting.All.GetValueOrDefault(name)?.Type == TopicSettingType.List)
            {
                // The only list is cleanup.policy, of which one value is possible: appending that one changes nothing.
                merged[name] = given.Value(name) == value ? given.Value(name) : $"{given.Value(name)},{value}";
            }
            else
            {
                // A list is not empty, and nothing else can be appended to or subtracted from: no value is possible.
                merged[name] = "";
            }
        }

        return merged;
    }
}
