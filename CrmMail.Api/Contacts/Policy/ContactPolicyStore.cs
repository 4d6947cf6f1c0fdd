using CrmMail.Api.Operations;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>The policy for unknown addresses. The Processor reads it with every batch.</summary>
internal sealed class ContactPolicyStore(NpgsqlDataSource database)
{
    private const string Read = "select policy from contact_settings";

    private const string Set = "update contact_settings set policy = $1, updated_at = now()";

    public async Task<ContactPolicySetting> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Read);
        return new ContactPolicySetting(StableText.Parse<ContactPolicy>((string)(await command.ExecuteScalarAsync(cancellationToken))!));
    }

    /// <summary>Sets the policy: from the next batch on.</summary>
    public async Task<ContactPolicySetting> SetAsync(ContactPolicy policy, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(Set, connection) { Parameters = { new() { Value = policy.ToText() } } })
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var setting = new ContactPolicySetting(policy);
        await OperationsAudit.AppendAsync(connection, actor, OperationAction.SetContactPolicy, new { policy }, null, setting, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return setting;
    }
}
