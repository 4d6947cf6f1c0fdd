using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>
/// Moves the mails of a merged contact: links, places on the timeline, and the rows of the ledger that led to it. A page in a transaction of
/// its own, with the rows of its accounts locked, as all writers of an account do; what was moved is written down.
/// </summary>
internal sealed class LinkMove(NpgsqlDataSource database)
{
    private const int LedgerRowsAtOnce = 5000;

    private readonly string _touch = SqlFile.Read("touch_moving_entries");
    private readonly string _find = SqlFile.Read("find_moving_links");
    private readonly string _addEntries = SqlFile.Read("add_entries_of_moving");
    private readonly string _record = SqlFile.Read("record_moving_links");
    private readonly string _move = SqlFile.Read("move_links");
    private readonly string _moveDataKeys = SqlFile.Read("move_data_keys");
    private readonly string _settle = SqlFile.Read("settle_entries");
    private readonly string _moveLedger = SqlFile.Read("move_ledger_of_mails");
    private readonly string _accountsOfLedger = SqlFile.Read("accounts_with_rest_of_ledger");
    private readonly string _moveRestOfLedger = SqlFile.Read("move_rest_of_ledger");
    private readonly string _recordMoved = SqlFile.Read("record_moved");

    /// <summary>Moves the mails of a page.</summary>
    /// <returns>How many links were recorded.</returns>
    public async Task<int> MoveAsync(ContactMerge merge, MailPage page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new Statements(connection, cancellationToken);
        await statements.LockAccountsAsync(page.Accounts);
        await statements.ExecuteAsync(_touch, new() { Value = merge.Contact }, new() { Value = page.After }, new() { Value = page.Last });
        await statements.ExecuteAsync(_find, new() { Value = merge.Into }, new() { Value = page.Accounts });
        await statements.ExecuteAsync(_addEntries, new NpgsqlParameter { Value = merge.Into });
        await statements.ExecuteAsync(Statements.AnalyzePage);
        var moved = await statements.ExecuteAsync(_record, new NpgsqlParameter { Value = merge.Id });
        await statements.ExecuteAsync(_moveDataKeys, new() { Value = merge.Id }, new() { Value = merge.Contact }, new() { Value = merge.Into });
        await statements.ExecuteAsync(_move, new() { Value = merge.Contact }, new() { Value = merge.Into });
        await statements.ExecuteAsync(_settle);
        await statements.ExecuteAsync(_moveLedger, new() { Value = merge.Contact }, new() { Value = merge.Into });
        await statements.ExecuteAsync(_recordMoved, new() { Value = merge.Id }, new() { Value = (long)moved });
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    /// <summary>The accounts with rows of the ledger that belong to no mail that was moved.</summary>
    public async Task<List<string>> FindAccountsOfLedgerAsync(ContactMerge merge, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_accountsOfLedger);
        command.Parameters.Add(new() { Value = merge.Contact });
        command.Parameters.Add(new() { Value = merge.Mailboxes });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            accounts.Add(row.GetString(0));
        }

        return accounts;
    }

    /// <summary>Moves some of these rows.</summary>
    /// <returns>How many; 0 when there are no more.</returns>
    public async Task<int> MoveLedgerAsync(ContactMerge merge, string account, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new Statements(connection, cancellationToken);
        await statements.LockAccountsAsync([account]);
        var moved = await statements.ExecuteAsync(
            _moveRestOfLedger,
            new() { Value = merge.Contact },
            new() { Value = merge.Into },
            new() { Value = merge.Mailboxes },
            new() { Value = account },
            new() { Value = LedgerRowsAtOnce });
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }
}
