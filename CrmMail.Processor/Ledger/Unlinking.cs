using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Ledger;

/// <summary>
/// Takes mails from contacts that no longer have the address by which they came: some of an account at a time, in one transaction with the
/// row of the account locked, as all writers of an account do. The events of these mails are marked to be written once more.
/// </summary>
internal sealed class Unlinking(NpgsqlDataSource database)
{
    private const string CountFound = "select count(*)::integer from unlinked";
    private const string LockAccount = "select from accounts where id = $1 for no key update";

    private readonly string _accounts = SqlFile.Read("accounts_to_unlink");
    private readonly string _find = SqlFile.Read("find_unlinked");
    private readonly string _findKeys = SqlFile.Read("find_unlinked_keys");
    private readonly string _touch = SqlFile.Read("touch_unlinked_entries");
    private readonly string _deleteLinks = SqlFile.Read("delete_unlinked_links");
    private readonly string _deleteActivities = SqlFile.Read("delete_unlinked_activities");
    private readonly string _mark = SqlFile.Read("mark_unlinked");
    private readonly string _place = SqlFile.Read("place_unlinked");
    private readonly string _settle = SqlFile.Read("settle_entries");

    /// <summary>The accounts that have mail by these addresses.</summary>
    public async Task<List<string>> FindAccountsAsync(List<string> mailboxes, List<StaleAddress> gone, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_accounts);
        command.Parameters.Add(Texts(mailboxes));
        command.Parameters.Add(Addresses(gone));
        command.Parameters.Add(Contacts(gone));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            accounts.Add(row.GetString(0));
        }

        return accounts;
    }

    /// <summary>Unlinks some mails of the account.</summary>
    /// <returns>How many; 0 when there are no more.</returns>
    public async Task<int> UnlinkAsync(string account, List<string> mailboxes, List<StaleAddress> gone, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(LockAccount, Text(account));
        await ExecuteAsync(_find, Text(account), Texts(mailboxes), Addresses(gone), Contacts(gone), new() { Value = gone.ConvertAll(address => address.Now is not null) });
        var found = await CountAsync();
        if (found > 0)
        {
            await ExecuteAsync(_findKeys);
            await ExecuteAsync(_touch);
            await ExecuteAsync(_deleteLinks);
            await ExecuteAsync(_deleteActivities, Text(account), Addresses(gone), Contacts(gone));
            await ExecuteAsync(_mark, Text(account));
            await ExecuteAsync(_place);
            await ExecuteAsync(_settle);
            await transaction.CommitAsync(cancellationToken);
        }

        return found;

        async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        async Task<int> CountAsync()
        {
            await using var command = new NpgsqlCommand(CountFound, connection);
            return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value };

    private static NpgsqlParameter Texts(List<string> values) => new() { Value = values };

    private static NpgsqlParameter Addresses(List<StaleAddress> gone) => Texts(gone.ConvertAll(address => address.Address));

    private static NpgsqlParameter Contacts(List<StaleAddress> gone) =>
        new() { Value = gone.ConvertAll(address => address.Before), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}
