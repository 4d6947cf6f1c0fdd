using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Migrator.ApiKeys;

/// <summary>Stores the initial API key, by its hash. A key that is there, or was revoked, stays as it is.</summary>
internal sealed partial class ApiKeySeeder(NpgsqlDataSource database, IOptions<ApiKeyOptions> options, ILogger<ApiKeySeeder> logger)
{
    private static readonly string[] AllScopes = [ApiScope.Crm.ToText(), ApiScope.Ops.ToText()];

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Initial is not { } key)
        {
            return;
        }

        await using var command = database.CreateCommand(
            "insert into api_keys (sha256, name, scopes) values ($1, 'initial', $2) on conflict (sha256) do nothing");
        command.Parameters.Add(new() { Value = ApiKeyHash.Of(key) });
        command.Parameters.Add(new() { Value = AllScopes });
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            LogSeeded();
        }
    }

    [LoggerMessage(20, LogLevel.Information, "Stored the initial API key")]
    private partial void LogSeeded();
}
