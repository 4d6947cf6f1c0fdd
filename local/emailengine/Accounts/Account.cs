using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Settings;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Accounts;

/// <summary>A registered account and its mailbox. Everything mutable is guarded by <see cref="Gate"/>, so its events are queued in the order they happen.</summary>
internal sealed class Account
{
    /// <summary>A password that the simulated servers refuse.</summary>
    public const string WrongPassword = "wrong";

    private readonly JsonObject _registration;

    public Account(string id, JsonObject registration, DateTimeOffset created)
    {
        Id = id;
        _registration = registration;
        Created = created;
    }

    public Lock Gate { get; } = new();

    public string Id { get; }

    public DateTimeOffset Created { get; }

    public AccountState State { get; set; } = AccountState.Init;

    /// <summary>Whether it was connected once.</summary>
    public bool IsInitialized { get; set; }

    public ConnectionProblem? LastError { get; set; }

    public ServerBehaviour Server { get; set; }

    public DeliveryFault NextDelivery { get; set; }

    public List<Folder> Folders { get; } = [];

    /// <summary>Arrived while the account was not connected; announced once it is.</summary>
    public List<(Folder Folder, StoredMessage Message)> Unannounced { get; } = [];

    /// <summary>Message-IDs that were announced before, for <c>seemsLikeNew</c>.</summary>
    public HashSet<string> SeenMessageIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Delivery reports by the Message-ID of the mail they are about.</summary>
    public Dictionary<string, List<BounceView>> Bounces { get; } = new(StringComparer.Ordinal);

    public string Name => Text("name") ?? "";

    public string Email => Text("email") ?? Text("imap", "auth", "user") ?? "";

    public string? Webhooks => Text("webhooks");

    public IReadOnlyList<CustomHeader> WebhooksCustomHeaders =>
        Registration("webhooksCustomHeaders")?.Deserialize<List<CustomHeader>>(EngineJson.Options) ?? [];

    /// <summary>The user name of the IMAP login.</summary>
    public string User => Text("imap", "auth", "user") ?? Email;

    public bool HasImap => Registration("imap") is JsonObject;

    public bool HasSmtp => Registration("smtp") is JsonObject;

    public bool CanLogIn => Text("imap", "host") is not null && Text("imap", "auth", "user") is not null;

    public bool HasWrongPassword => Text("imap", "auth", "pass") == WrongPassword;

    public string? SentMailPath => Text("imap", "sentMailPath");

    /// <summary>A copy of what was registered.</summary>
    public JsonObject CopyRegistration()
    {
        lock (Gate)
        {
            return _registration.DeepClone().AsObject();
        }
    }

    /// <summary>Writes the given fields. Server settings are replaced as a whole, unless they say <c>"partial": true</c>.</summary>
    /// <returns>Whether the connection is another one now: the same settings once more do not make EmailEngine connect anew.</returns>
    public bool Merge(JsonObject update)
    {
        lock (Gate)
        {
            var before = ConnectionSettings();
            foreach (var (key, value) in update)
            {
                _registration[key] = value is JsonObject block && IsPartial(block) && _registration[key] is JsonObject stored
                    ? Merged(stored, block)
                    : Without(value?.DeepClone(), "partial");
            }

            return !JsonNode.DeepEquals(before, ConnectionSettings());
        }
    }

    public Folder? FindFolder(string path) => Folders.Find(folder => folder.Path == path);

    public Folder? FindFolder(uint number) => Folders.Find(folder => folder.Number == number);

    public Folder? FindSpecial(string specialUse) => Folders.Find(folder => folder.SpecialUse == specialUse);

    private JsonArray ConnectionSettings() =>
        [_registration["imap"]?.DeepClone(), _registration["path"]?.DeepClone(), _registration["subconnections"]?.DeepClone()];

    private static bool IsPartial(JsonObject block) => block["partial"]?.GetValueKind() == JsonValueKind.True;

    private static JsonObject Merged(JsonObject stored, JsonObject block)
    {
        var merged = stored.DeepClone().AsObject();
        foreach (var (key, value) in block)
        {
            merged[key] = value?.DeepClone();
        }

        return Without(merged, "partial")!.AsObject();
    }

    private static JsonNode? Without(JsonNode? node, string key)
    {
        (node as JsonObject)?.Remove(key);
        return node;
    }

    private JsonNode? Registration(params ReadOnlySpan<string> path)
    {
        lock (Gate)
        {
            JsonNode? node = _registration;
            foreach (var key in path)
            {
                node = (node as JsonObject)?[key];
            }

            return node;
        }
    }

    private string? Text(params ReadOnlySpan<string> path) =>
        Registration(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
