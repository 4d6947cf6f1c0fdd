using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Tests.Running;

internal static class Requests
{
    /// <summary>The body of <c>POST /v1/account</c>.</summary>
    public static JsonObject Account(string account, string email, JsonObject? further = null, string password = "secret")
    {
        var body = new JsonObject
        {
            ["account"] = account,
            ["name"] = account,
            ["email"] = email,
            ["imap"] = Server(email, 993, password),
            ["smtp"] = Server(email, 465, password),
        };
        foreach (var (key, value) in further ?? [])
        {
            body[key] = value?.DeepClone();
        }

        return body;
    }

    public static JsonObject Server(string email, int port, string password) => new()
    {
        ["host"] = "mail.example.com",
        ["port"] = port,
        ["secure"] = true,
        ["auth"] = new JsonObject { ["user"] = email, ["pass"] = password },
    };

    /// <summary>JSON as it is written in the test.</summary>
    public static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
