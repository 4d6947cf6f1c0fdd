using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Outbox;

internal static class OutboxEndpoints
{
    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var directory = services.GetRequiredService<AccountDirectory>();
        var submission = services.GetRequiredService<Submission>();
        var outbox = services.GetRequiredService<OutboxQueue>();
        api.Map("POST", "/v1/account/{account}/submit", call =>
            submission.Submit(directory.Get(call.Route("account")), call.Body, Unquoted(call.Header("idempotency-key"))));
        api.Map("GET", "/v1/outbox", call => new Page<QueuedMail>(outbox.All, call).As("messages", OutboxEntry.Of, []));
        api.Map("GET", "/v1/outbox/{queueId}", call =>
            OutboxEntry.Of(outbox.Find(call.Route("queueId")) ?? throw ApiError.NotFound("Requested queue entry was not found")));
        api.Map("DELETE", "/v1/outbox/{queueId}", call => new JsonObject { ["deleted"] = outbox.Remove(call.Route("queueId")) });
    }

    /// <summary>The draft of the header's standard makes it a structured string, so that clients may send it in quotes.</summary>
    private static string? Unquoted(string? key) => key is { Length: > 1 } && key[0] == '"' && key[^1] == '"' ? key[1..^1] : key;
}
