using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

/// <summary>Every recorded webhook of EmailEngine is brought about here too and compared: headers, members, their order, and every value that is not made up.</summary>
public sealed class RecordingTests(SharedSimulator shared)
{
    /// <summary>What cannot be the same: times, ids, sizes that depend on how the mail was written, texts of servers.</summary>
    private static readonly HashSet<string> MadeUp =
        ["date", "id", "uid", "size", "uidValidity", "queueId", "bounceMessage", "account", "seemsLikeNew"];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "recordings");

    [Theory]
    [MemberData(nameof(Files))]
    public void The_signature_of_a_recording_is_the_one_computed_here(string file)
    {
        var recording = Recording.Read(Path.Combine(Folder, file));

        Assert.Equal(recording.Headers["x-ee-wh-signature"], Signature.Of(recording.Raw));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_webhook_looks_like_its_recording(string file)
    {
        var recording = Recording.Read(Path.Combine(Folder, file));

        var webhook = await new Reenactment(shared.Simulator, recording).PlayAsync();

        Assert.Equal(Signature.Of(webhook.Raw), webhook.Headers["x-ee-wh-signature"]);
        Assert.Equal(recording.Headers.Keys.Order(), webhook.Headers.Keys.Except(["host", "content-length"]).Order());
        Assert.Equal(recording.Headers["user-agent"], webhook.Headers["user-agent"]);
        Assert.Equal(recording.Headers["content-type"], webhook.Headers["content-type"]);
        Assert.Equal("0", webhook.Headers["x-ee-wh-attempts-made"]);
        Assert.Matches("^[0-9]+s$", webhook.Headers["x-ee-wh-queued-time"]);
        Assert.Equal(Comparable(recording.Body, recording.Event), Comparable(webhook.Body, webhook.Event));
    }

    private static string Comparable(JsonNode body, string eventName)
    {
        // EmailEngine, and the server that reports a failed delivery, make up the Message-ID themselves.
        HashSet<string> madeUp = eventName == "messageSent" || body["data"]!["isBounce"] is not null ? [.. MadeUp, "messageId", "message-id"] : MadeUp;
        return Masked(body, madeUp)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The same JSON with the kind of value where the value is made up.</summary>
    private static JsonNode? Masked(JsonNode? node, HashSet<string> madeUp) => node switch
    {
        JsonObject members when ((string?)members["contentType"])?.StartsWith("message/", StringComparison.Ordinal) == true && !madeUp.Contains("encodedSize") =>
            Masked(members, [.. madeUp, "encodedSize"]),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, madeUp.Contains(member.Key)
            ? JsonValue.Create(KindOf(member.Value)) : Masked(member.Value, madeUp)))),
        JsonArray items => new JsonArray([.. items.Select(item => Masked(item, madeUp))]),
        _ => node?.DeepClone(),
    };

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind?.ToString() ?? "null",
    };
}

internal sealed record Recording(IReadOnlyDictionary<string, string> Headers, byte[] Raw)
{
    public JsonObject Body { get; } = JsonNode.Parse(Raw)!.AsObject();

    public string Event => (string)Body["event"]!;

    public JsonObject Data => Body["data"]!.AsObject();

    public static Recording Read(string path)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        return new(file["headers"].Deserialize<Dictionary<string, string>>()!, Encoding.UTF8.GetBytes((string)file["body"]!));
    }
}
