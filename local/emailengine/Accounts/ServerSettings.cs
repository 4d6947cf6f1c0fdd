using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Accounts;

/// <summary>What EmailEngine finds out about the servers of a mailbox when only the address is known.</summary>
internal static class ServerSettings
{
    /// <returns>The body of <c>POST /v1/account</c>.</returns>
    public static JsonObject Registration(string? account, string name, string email, string password)
    {
        var domain = email[(email.LastIndexOf('@') + 1)..];
        return new JsonObject
        {
            ["account"] = account,
            ["name"] = name,
            ["email"] = email,
            ["imap"] = Server($"imap.{domain}", 993),
            ["smtp"] = Server($"smtp.{domain}", 465),
        };

        JsonObject Server(string host, int port) => new()
        {
            ["auth"] = new JsonObject { ["user"] = email, ["pass"] = password },
            ["host"] = host,
            ["port"] = port,
            ["secure"] = true,
        };
    }
}
