using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Accounts;

internal static class AccountEndpoints
{
    private const string MaskedSecret = "******";

    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var directory = services.GetRequiredService<AccountDirectory>();
        var lifecycle = services.GetRequiredService<AccountLifecycle>();
        api.Map("POST", "/v1/account", call => Create(lifecycle, call.Body));
        api.Map("GET", "/v1/accounts", call => List(directory, call));
        api.Map("GET", "/v1/account/{account}", call => Describe(directory.Get(call.Route("account"))));
        api.Map("PUT", "/v1/account/{account}", call =>
        {
            var account = directory.Get(call.Route("account"));
            lifecycle.Update(account, call.Body);
            return new { account = account.Id };
        });
        api.Map("DELETE", "/v1/account/{account}", call =>
        {
            var account = directory.Get(call.Route("account"));
            lifecycle.Delete(account);
            return new { account = account.Id, deleted = true };
        });
        api.Map("PUT", "/v1/account/{account}/reconnect", call =>
        {
            var account = directory.Get(call.Route("account"));
            var reconnect = call.Body["reconnect"]?.GetValueKind() == JsonValueKind.True;
            if (reconnect)
            {
                lifecycle.Connect(account);
            }

            return new { reconnect };
        });
    }

    private static object Create(AccountLifecycle lifecycle, JsonObject registration)
    {
        if (registration["oauth2"] is JsonObject)
        {
            throw new ApiError(HttpStatusCode.BadRequest, "Invalid or missing OAuth2 provider");
        }

        var (account, isNew) = lifecycle.Register(registration);
        return new { account = account.Id, state = isNew ? "new" : "existing" };
    }

    private static JsonObject List(AccountDirectory directory, ApiCall call)
    {
        var state = call.Argument("state");
        var text = call.Argument("query");
        List<Account> matching = [.. directory.All.Where(account => (state is null || Name(account.State) == state) && Contains(account, text))];

        // EmailEngine echoes the filters: false and "*" where there is none.
        var filters = new JsonObject { ["query"] = text is null ? false : text, ["state"] = state ?? "*" };
        return new Page<Account>(matching, call).As("accounts", Summary, filters);
    }

    private static bool Contains(Account account, string? text) =>
        text is null || new[] { account.Id, account.Name, account.Email }.Any(value => value.Contains(text, StringComparison.OrdinalIgnoreCase));

    private static object Summary(Account account)
    {
        lock (account.Gate)
        {
            return new
            {
                account = account.Id,
                name = account.Name,
                email = account.Email,
                type = "imap",
                state = Name(account.State),
                webhooks = account.Webhooks,
                lastError = account.LastError,
            };
        }
    }

    private static JsonObject Describe(Account account)
    {
        var body = account.CopyRegistration();
        Mask(body["imap"]);
        Mask(body["smtp"]);
        lock (account.Gate)
        {
            body["state"] = Name(account.State);
            body["type"] = account.HasImap ? "imap" : account.HasSmtp ? "sending" : "invalid";
            body["notifyFrom"] ??= account.Created.ToIso();
            body["lastError"] = JsonSerializer.SerializeToNode(account.LastError, EngineJson.Options);
        }

        return body;
    }

    private static void Mask(JsonNode? server)
    {
        if (server?["auth"] is JsonObject auth && auth.ContainsKey("pass"))
        {
            auth["pass"] = MaskedSecret;
        }
    }

    private static string Name(AccountState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
