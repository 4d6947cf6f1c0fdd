using System.Runtime.InteropServices;
using System.Text.Json;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Settings;

internal static class StatsEndpoints
{
    public static void Map(ApiRoutes api, IServiceProvider services)
    {
        var description = services.GetRequiredService<ApiDescription>();
        var directory = services.GetRequiredService<AccountDirectory>();
        var webhooks = services.GetRequiredService<WebhookQueue>();
        api.Map("GET", "/v1/stats", _ => Stats(description, directory.All, webhooks.Counts()));
    }

    private static object Stats(ApiDescription description, IReadOnlyList<Account> accounts, (int Waiting, int Delayed) webhooks) => new
    {
        version = description.Version,
        license = "Simulator",
        accounts = accounts.Count,
        redis = "none: mailboxes are in memory",
        arch = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        queues = new { notify = new { waiting = webhooks.Waiting, delayed = webhooks.Delayed } },
        connections = Enum.GetValues<AccountState>().ToDictionary(
            state => JsonNamingPolicy.CamelCase.ConvertName(state.ToString()),
            state => accounts.Count(account => account.State == state)),
        counters = new { },
    };
}
