using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

/// <summary>Does to the simulator what was done to EmailEngine when a webhook was recorded.</summary>
internal sealed class Reenactment(RunningSimulator simulator, Recording recording)
{
    private readonly string _account = simulator.NewAccountId();
    private readonly string _email = $"{recording.Body["account"]}@example.com";

    /// <returns>The webhook that came of it.</returns>
    public async Task<ReceivedWebhook> PlayAsync()
    {
        switch (recording.Event)
        {
            case "authenticationError":
                await simulator.CallAsync("POST", "/v1/account", Requests.Account(_account, _email, password: "wrong"));
                return await simulator.Receiver.WaitForAsync(_account, recording.Event);
            case "mailboxNew" or "mailboxReset":
                await simulator.AddAccountAsync(_account, _email);
                return simulator.Receiver.All.First(webhook => webhook.Account == _account && webhook.Event == recording.Event && (string?)webhook.Body["path"] == (string?)recording.Body["path"]);
            case "accountAdded" or "accountInitialized" or "authenticationSuccess":
                await simulator.AddAccountAsync(_account, _email);
                return await simulator.Receiver.WaitForAsync(_account, recording.Event);
        }

        await simulator.AddAccountAsync(_account, _email);
        switch (recording.Event)
        {
            case "accountDeleted":
                await simulator.CallAsync("DELETE", $"/v1/account/{_account}");
                break;
            case "messageNew":
                return await ArriveAsync();
            case "messageBounce":
                await BounceAsync();
                break;
            case "messageSent":
                await SubmitAsync();
                break;
            case "messageDeleted":
                var deleted = await simulator.DeliverAsync(_account, new JsonObject());
                await simulator.CallAsync("POST", $"/simulator/mailboxes/{_account}/messages/{deleted}/move", new JsonObject { ["folder"] = "Clients" });
                break;
            case "messageUpdated":
                await ChangeFlagsAsync();
                break;
            default:
                throw new NotSupportedException($"Nobody has written how {recording.Event} comes about.");
        }

        return await simulator.Receiver.WaitForAsync(_account, recording.Event);
    }

    private async Task<ReceivedWebhook> ArriveAsync()
    {
        var data = recording.Data;
        if (data["isBounce"] is not null)
        {
            await BounceAsync();
            return await simulator.Receiver.WaitForAsync(_account, "messageNew", count: 2);
        }

        await simulator.DeliverAsync(_account, Mail(data));
        return await simulator.Receiver.WaitForAsync(_account, "messageNew");
    }

    /// <summary>The mail that the recorded webhook tells of.</summary>
    private static JsonObject Mail(JsonObject data)
    {
        var headers = data["headers"]?.AsObject() ?? [];
        var further = headers.Where(header => header.Key is not ("message-id" or "in-reply-to" or "references"))
            .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)(string?)header.Value![0]));
        return new JsonObject
        {
            ["folder"] = data["path"]!.DeepClone(),
            ["from"] = data["from"]!.DeepClone(),
            ["to"] = data["to"]!.DeepClone(),
            ["cc"] = data["cc"]?.DeepClone(),
            ["bcc"] = data["bcc"]?.DeepClone(),
            ["subject"] = data["subject"]!.DeepClone(),
            ["flags"] = data["flags"]!.DeepClone(),
            ["messageId"] = data["messageId"]?.DeepClone() ?? "",
            ["inReplyTo"] = data["inReplyTo"]?.DeepClone(),
            ["references"] = (string?)headers["references"]?[0],
            ["headers"] = new JsonObject(further),
            ["text"] = data["text"]!["plain"]?.DeepClone(),
            ["html"] = data["text"]!["html"]?.DeepClone(),
            ["attachments"] = new JsonArray([.. (data["attachments"]?.AsArray() ?? []).Select(attachment => Attachment(attachment!))]),
        };
    }

    /// <summary>An attachment whose base64, in lines of 76 characters, has the recorded size.</summary>
    private static JsonObject Attachment(JsonNode recorded)
    {
        const int LineBreak = 2;
        var size = (int)recorded["encodedSize"]!;
        var lines = (size + 76 + LineBreak - 1) / (76 + LineBreak);
        return new JsonObject
        {
            ["filename"] = recorded["filename"]!.DeepClone(),
            ["contentType"] = recorded["contentType"]!.DeepClone(),
            ["content"] = Convert.ToBase64String(new byte[(size - (lines * LineBreak)) / 4 * 3]),
        };
    }

    private async Task BounceAsync()
    {
        var sent = await simulator.DeliverAsync(_account, Requests.Json("""
            {
              "folder": "Sent",
              "from": { "address": "amy@example.com" },
              "to": [{ "address": "nobody@example.org" }],
              "subject": "Hello nobody",
              "messageId": "<out-bounced@example.com>",
              "text": "Hi"
            }
            """));
        await simulator.CallAsync("POST", $"/simulator/mailboxes/{_account}/messages/{sent}/bounce", new JsonObject());
    }

    private async Task SubmitAsync()
    {
        var to = recording.Data["envelope"]!["to"]!.AsArray().Select(address => (JsonNode?)new JsonObject { ["address"] = address!.DeepClone() }).ToList();
        await simulator.CallAsync("POST", $"/v1/account/{_account}/submit", new JsonObject
        {
            ["to"] = to[0],
            ["bcc"] = new JsonArray([.. to.Skip(1)]),
            ["subject"] = "API proposal",
            ["text"] = "Hi",
        });
    }

    private async Task ChangeFlagsAsync()
    {
        var flags = recording.Data["changes"]!["flags"]!;
        var before = flags["value"]!.AsArray().Select(flag => (string)flag!).Except(flags["added"]!.AsArray().Select(flag => (string)flag!));
        var id = await simulator.DeliverAsync(_account, new JsonObject { ["flags"] = new JsonArray([.. before.Select(flag => (JsonNode?)flag)]) });
        await simulator.CallAsync("PUT", $"/v1/account/{_account}/message/{id}", new JsonObject { ["flags"] = new JsonObject { ["add"] = flags["added"]!.DeepClone() } });
    }
}
