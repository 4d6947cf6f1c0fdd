using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>
/// Gives back the mails that a merge moved, as they were, as far as the addresses by which they came were given back. What came since by these
/// addresses is past mail of a contact that was given an address, and follows as such. A page in a transaction of its own, as in <see cref="LinkMove"/>.
/// </summary>
internal sealed class LinkReturn(NpgsqlDataSource database)
{
    private const int PageSize = 500;

    private readonly string _recorded = SqlFile.Read("recorded_mails");
    private readonly string _returnLedger = SqlFile.Read("return_ledger");
    private readonly string _find = SqlFile.Read("find_returning_links");
    private readonly string _touch = SqlFile.Read("touch_returning_entries");
    private readonly string _addEntries = SqlFile.Read("add_entries_of_moving");
    private readonly string _returnDataKeys = SqlFile.Read("return_data_keys");
    private readonly string _return = SqlFile.Read("return_links");
    private readonly string _settle = SqlFile.Read("settle_entries");
    private readonly string _forget = SqlFile.Read("forget_returned_links");
    private readonly string _recordMoved = SqlFile.Read("record_moved");

    /// <summary>Gives back some mails.</summary>
    /// <param name="merge">The merge that is undone.</param>
    /// <param name="addresses">The addresses that led to the other contact, and lead back now.</param>
    /// <param name="after">The last activity of the page before; 0 at first.</param>
    /// <param name="cancellationToken">Ends the statements.</param>
    /// <returns>The last activity of the page; null when there are none left.</returns>
    public async Task<long?> ReturnAsync(ContactMerge merge, List<string> addresses, long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FindPageAsync(merge, after, connection, cancellationToken) is not var (last, accounts))
        {
            return null;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new Statements(connection, cancellationToken);
        await statements.LockAccountsAsync(accounts);
        await statements.ExecuteAsync(_returnLedger, [.. Page(), .. Contacts(), new() { Value = addresses }]);
        await statements.ExecuteAsync(_find, [.. Page(), .. Contacts()]);
        await statements.ExecuteAsync(_touch, new NpgsqlParameter { Value = merge.Into });
        await statements.ExecuteAsync(_addEntries, new NpgsqlParameter { Value = merge.Contact });
        await statements.ExecuteAsync(Statements.AnalyzePage);
        await statements.ExecuteAsync(_returnDataKeys, new() { Value = merge.Id }, new() { Value = merge.Contact });
        await statements.ExecuteAsync(_return, Contacts());
        await statements.ExecuteAsync(_settle);
        var returned = await statements.ExecuteAsync(_forget, Page());
        await statements.ExecuteAsync(_recordMoved, new() { Value = merge.Id }, new() { Value = (long)returned });
        await transaction.CommitAsync(cancellationToken);
        return last;

        NpgsqlParameter[] Page() => [new() { Value = merge.Id }, new() { Value = after }, new() { Value = last }];

        NpgsqlParameter[] Contacts() => [new() { Value = merge.Contact }, new() { Value = merge.Into }];
    }

    private async Task<(long Last, string[] Accounts)?> FindPageAsync(ContactMerge merge, long after, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_recorded, connection) { Parameters = { new() { Value = merge.Id }, new() { Value = after }, new() { Value = PageSize } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetFieldValue<string[]>(1)) : null;
    }
}
