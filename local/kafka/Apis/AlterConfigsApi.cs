using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Replaces all settings of topics.</summary>
internal sealed class AlterConfigsApi(TopicDirectory topics) : ImmediateApi(ApiKey.AlterConfigs, maxVersion: 1)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        List<TopicSettingChange> changes = [];
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            var type = request.ReadInt8();
            var name = request.ReadString();
            Dictionary<string, string> settings = [];
            for (var more = request.ReadArrayLength(); more > 0; more--)
            {
                settings[request.ReadString()] = request.ReadNullableString() ?? "";
            }

            changes.Add(new(type, name, _ => settings));
        }

        TopicSettingChanges.Apply(topics, changes, validateOnly: request.ReadBoolean(), response);
    }
}
