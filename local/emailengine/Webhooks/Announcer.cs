using System.Text.Json;
using System.Text.Json.Serialization;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Settings;

namespace EmailEngineSimulator.Webhooks;

/// <summary>Queues events in the shape that EmailEngine gives them.</summary>
internal sealed class Announcer(WebhookQueue queue, EngineSettings settings, TimeProvider time)
{
    /// <param name="account">The account it is about.</param>
    /// <param name="eventName">One of <see cref="Events"/>.</param>
    /// <param name="data">What becomes the JSON of <c>data</c>.</param>
    /// <param name="folder">For events of a folder and of the messages in it.</param>
    public void Announce(string account, string eventName, object data, Folder? folder = null)
    {
        var body = new Body(settings.ServiceUrl, account, time.GetUtcNow(), folder?.Path, folder?.SpecialUse, eventName, data);
        queue.Enqueue(account, eventName, JsonSerializer.SerializeToUtf8Bytes(body, EngineJson.Options));
    }

    private sealed record Body(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ServiceUrl,
        string Account,
        DateTimeOffset Date,
        string? Path,
        string? SpecialUse,
        string Event,
        object Data);
}
