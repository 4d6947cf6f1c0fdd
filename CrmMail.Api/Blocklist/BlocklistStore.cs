using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Blocklist;

/// <summary>The addresses and domains whose mails make no activities; the Processor reads them with every batch.</summary>
internal sealed class BlocklistStore(NpgsqlDataSource database)
{
    private const string Find = $"""
        select {BlocklistEntry.Columns}
        from blocklist
        where value = $1
          and coalesce(account_id, '') = coalesce($2, '')
        """;

    private const string Insert = $"""
        insert into blocklist (id, value, account_id, note, added_by)
        values ($1, $2, $3, $4, $5)
        on conflict (value, coalesce(account_id, '')) do nothing
        returning {BlocklistEntry.Columns}
        """;

    private const string ListPage = $"""
        select {BlocklistEntry.Columns}
        from blocklist
        where id < @before_id
          and (@account_id is null or account_id = @account_id)
        order by id desc
        limit @limit
        """;

    /// <summary>A page of the entries, those added last first: of an account, or all.</summary>
    public async Task<Page<BlocklistEntry>> ListAsync(AccountId? account, PageQuery page, CancellationToken cancellationToken)
    {
        var list = $"blocklist/{account}";
        await using var command = database.CreateCommand(ListPage);
        command.Parameters.Add(new("before_id", page.Position<Position>(list)?.Id ?? Guid.AllBitsSet));
        command.Parameters.Add(new("account_id", NpgsqlDbType.Text) { Value = (object?)account?.Value ?? DBNull.Value });
        command.Parameters.Add(new("limit", page.Size + 1));
        var entries = new List<BlocklistEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(BlocklistEntry.Read(reader));
        }

        return Page.Of(entries, page.Size, last => Cursor.Encode(list, new Position(last.Id)));
    }

    /// <summary>Adds an entry, unless it is there already.</summary>
    /// <returns>The entry, and whether it was added now.</returns>
    /// <exception cref="ProblemException">There is no such account.</exception>
    public async Task<(BlocklistEntry Entry, bool IsNew)> AddAsync(BlocklistDraft draft, string addedBy, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await InsertAsync(draft, addedBy, cancellationToken) is { } added)
            {
                return (added, true);
            }

            if (await FindAsync(draft, cancellationToken) is { } known)
            {
                return (known, false);
            }
        }
    }

    /// <summary>Removes an entry; false when there is none.</summary>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from blocklist where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private async Task<BlocklistEntry?> InsertAsync(BlocklistDraft draft, string addedBy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = draft.Value });
        command.Parameters.Add(AccountOf(draft));
        command.Parameters.Add(new() { Value = draft.Note });
        command.Parameters.Add(new() { Value = addedBy });
        try
        {
            return await ReadAsync(command, cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new ProblemException(new Problem(ProblemKind.AccountNotFound), missing);
        }
    }

    private async Task<BlocklistEntry?> FindAsync(BlocklistDraft draft, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = draft.Value });
        command.Parameters.Add(AccountOf(draft));
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<BlocklistEntry?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? BlocklistEntry.Read(row) : null;
    }

    private static NpgsqlParameter AccountOf(BlocklistDraft draft) => new() { Value = (object?)draft.Account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private sealed record Position(Guid Id);
}
