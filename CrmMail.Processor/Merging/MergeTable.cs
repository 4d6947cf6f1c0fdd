using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>The table <c>contact_merges</c>: what is to be done, and that it is done.</summary>
internal sealed class MergeTable(NpgsqlDataSource database)
{
    /// <summary>A condition of SQL: whether there is a merge that has not come to its end.</summary>
    public const string IsAnyOpen = "exists (select from contact_merges where state in ('moving', 'undoing'))";

    private const string LockContact = "select from contacts where id = $1 for update";
    private const string DeleteContact = "delete from contacts where id = $1";
    private const string ForgetLinks = "delete from contact_merge_links where merge_id = $1";

    private readonly string _next = SqlFile.Read("next_merge");
    private readonly string _isLeft = SqlFile.Read("is_contact_left");
    private readonly string _moveDataKeys = SqlFile.Read("move_data_keys");
    private readonly string _returnDataKeys = SqlFile.Read("return_data_keys");
    private readonly string _noteAddresses = SqlFile.Read("note_merged_addresses");
    private readonly string _end = SqlFile.Read("end_merge");

    /// <summary>The oldest that has not come to its end; null when there is none.</summary>
    public async Task<ContactMerge?> FindNextAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_next);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new ContactMerge(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetBoolean(3), MailboxesOf(row.GetFieldValue<string[]>(4)), row.GetBoolean(5))
            : null;
    }

    /// <summary>Ends the merge: the contact is gone, so that nobody can link anything to it any more.</summary>
    /// <returns>False, and nothing is done, when somebody has linked something to it meanwhile.</returns>
    public async Task<bool> TryEndAsync(ContactMerge merge, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new Statements(connection, cancellationToken);
        await statements.ExecuteAsync(LockContact, new NpgsqlParameter { Value = merge.Contact });
        await using (var isLeft = new NpgsqlCommand(_isLeft, connection) { Parameters = { new() { Value = merge.Contact } } })
        {
            if (await isLeft.ExecuteScalarAsync(cancellationToken) is true)
            {
                return false;
            }
        }

        await statements.ExecuteAsync(_moveDataKeys, new() { Value = merge.Id }, new() { Value = merge.Contact }, new() { Value = merge.Into });
        await statements.ExecuteAsync(DeleteContact, new NpgsqlParameter { Value = merge.Contact });
        await EndAsync(merge, statements);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends the undoing of the merge.</summary>
    public async Task<bool> EndUndoAsync(ContactMerge merge, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var statements = new Statements(connection, cancellationToken);
        await statements.ExecuteAsync(_returnDataKeys, new() { Value = merge.Id }, new() { Value = merge.Contact });
        await statements.ExecuteAsync(ForgetLinks, new NpgsqlParameter { Value = merge.Id });
        await EndAsync(merge, statements);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task EndAsync(ContactMerge merge, Statements statements)
    {
        await statements.ExecuteAsync(_noteAddresses, new NpgsqlParameter { Value = merge.Id });
        await statements.ExecuteAsync(_end, new() { Value = merge.Id }, new() { Value = merge.IsUndone });
    }

    private static List<string> MailboxesOf(string[] addresses) =>
        [.. addresses.Select(address => EmailAddress.Parse(address).Mailbox).Distinct(StringComparer.Ordinal)];
}
