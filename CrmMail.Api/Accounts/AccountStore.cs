using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Accounts;

/// <summary>The table <c>accounts</c>. Accounts that were removed are in it, so that late events of theirs are known, and nobody sees them.</summary>
internal sealed class AccountStore(NpgsqlDataSource database, AccountRemoval removal)
{
    private const string IsKnown = "forgotten_before is distinct from 'infinity'";

    // An event that was received before does not count any more: it belongs to the account that was removed.
    private const string Open = """
        insert into accounts (id, name, address)
        values ($1, $2, $3)
        on conflict (id) do update
        set name = excluded.name,
            address = excluded.address,
            state = case when accounts.state = 'deleted' then 'new' else accounts.state end,
            state_since = case when accounts.state = 'deleted' then now() else accounts.state_since end,
            skipped_count = case when accounts.forgotten_before = 'infinity' then 0 else accounts.skipped_count end,
            forgotten_before = case when accounts.forgotten_before = 'infinity' then now() else accounts.forgotten_before end
        """;

    private const string AddAddress = "insert into account_addresses (account_id, address) values ($1, $2) on conflict (address, account_id) do nothing";

    /// <summary>The accounts behind this one, in the order of their ids.</summary>
    public async Task<List<Account>> ListAsync(string? afterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Account.Columns} from accounts where id > $1 and {IsKnown} order by id limit $2");
        command.Parameters.Add(new() { Value = afterId ?? "" });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<Account>();
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(Account.Read(reader));
        }

        return accounts;
    }

    /// <summary>The account; null when there is none, or none any more.</summary>
    public async Task<Account?> FindAsync(AccountId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Account.Columns} from accounts where id = $1 and {IsKnown}");
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Account.Read(reader) : null;
    }

    /// <summary>Makes an account known that EmailEngine has.</summary>
    public async Task AddAsync(AccountId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("insert into accounts (id) values ($1) on conflict (id) do nothing");
        command.Parameters.Add(new() { Value = id.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Makes the account known, or known again after it was removed.</summary>
    public async Task OpenAsync(AccountId id, string name, string address, CancellationToken cancellationToken)
    {
        // Whatever a removal left behind would be taken for the new account's.
        await removal.FinishAsync(id, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Open) { Parameters = { new() { Value = id.Value }, new() { Value = name }, new() { Value = address } } },
                new(AddAddress) { Parameters = { new() { Value = id.Value }, new() { Value = address } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
