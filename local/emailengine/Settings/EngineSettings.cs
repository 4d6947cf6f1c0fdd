using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Settings;

/// <summary>The settings of the instance: first from <c>EENGINE_SETTINGS</c>, then through <c>/v1/settings</c>.</summary>
internal sealed class EngineSettings
{
    private readonly Lock _gate = new();
    private readonly JsonObject _values;
    private readonly string _generatedSecret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public EngineSettings(IOptions<EngineOptions> options, ApiDescription api) => _values = Parse(options.Value.Settings, api);

    public bool WebhooksEnabled => Flag("webhooksEnabled");

    public string? Webhooks => Text("webhooks");

    public IReadOnlyList<string> WebhookEvents => List("webhookEvents");

    public IReadOnlyList<string> NotifyHeaders => List("notifyHeaders");

    public bool NotifyText => Flag("notifyText");

    /// <summary>Bytes of text in a webhook; all of it if not set.</summary>
    public int? NotifyTextSize => Number("notifyTextSize");

    public int DeliveryAttempts => Number("deliveryAttempts") ?? 10;

    public string? ServiceUrl => Text("serviceUrl");

    /// <summary>The key of every signature. EmailEngine makes one up if none is set; so does this.</summary>
    public string ServiceSecret => Text("serviceSecret") ?? _generatedSecret;

    public IReadOnlyList<CustomHeader> WebhooksCustomHeaders =>
        Value("webhooksCustomHeaders")?.Deserialize<List<CustomHeader>>(EngineJson.Options) ?? [];

    /// <exception cref="FormatException">It is not JSON, or a value is wrong.</exception>
    public static JsonObject Parse(string? json, ApiDescription api)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return [];
        }

        try
        {
            return api.ReadObject(api.Schema("Settings"), JsonNode.Parse(json));
        }
        catch (JsonException)
        {
            throw new FormatException("it is not JSON.");
        }
        catch (ApiError error)
        {
            throw new FormatException(string.Join("; ", error.Body.Fields!.Select(field => field.Message)));
        }
    }

    public JsonNode? Value(string key)
    {
        lock (_gate)
        {
            return _values[key]?.DeepClone();
        }
    }

    public void Set(string key, JsonNode? value)
    {
        lock (_gate)
        {
            _values[key] = value?.DeepClone();
        }
    }

    private string? Text(string key) => Value(key) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private bool Flag(string key) => Value(key)?.GetValueKind() == JsonValueKind.True;

    private int? Number(string key) =>
        Value(key) is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? int.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private List<string> List(string key) => Value(key)?.Deserialize<List<string>>() ?? [];
}

internal sealed record CustomHeader(string Key, string? Value);
