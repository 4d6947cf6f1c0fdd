using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Settings;

internal static class SettingsEndpoints
{
    // EmailEngine stores these encrypted and answers only whether they are set.
    private static readonly HashSet<string> Secrets =
        ["serviceSecret", "openAiAPIKey", "smtpServerPassword", "imapProxyServerPassword", "documentStorePassword"];

    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var settings = services.GetRequiredService<EngineSettings>();
        api.Map("GET", "/v1/settings", call => Read(settings, call.Query));
        api.Map("POST", "/v1/settings", call => Write(settings, call.Body));
    }

    private static JsonObject Read(EngineSettings settings, JsonObject query)
    {
        JsonObject values = [];
        foreach (var (key, asked) in query)
        {
            if (asked?.GetValueKind() == JsonValueKind.True)
            {
                var value = settings.Value(key);
                values[key] = Secrets.Contains(key) ? value is not null : value;
            }
        }

        return values;
    }

    private static object Write(EngineSettings settings, JsonObject body)
    {
        foreach (var (key, value) in body)
        {
            settings.Set(key, value);
        }

        return new { updated = body.Select(pair => pair.Key) };
    }
}
