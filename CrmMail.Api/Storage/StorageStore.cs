using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Storage;

/// <summary>How much of mails is stored, and the runs that apply it to what is there. The Processor does them.</summary>
internal sealed class StorageStore(NpgsqlDataSource database, MasterKeys masterKeys)
{
    private const string ListName = "storage-runs";

    private const string ReadAll = "select level, level from storage_settings";

    private const string ReadAccount = "select storage_level, storage_level(id) from accounts where id = $1 and forgotten_before is distinct from 'infinity'";

    private const string TakeAll = "select level from storage_settings for update";

    private const string TakeAccount = "select storage_level(id) from accounts where id = $1 and forgotten_before is distinct from 'infinity' for no key update";

    private const string SetAll = "update storage_settings set level = $1, updated_at = now()";

    private const string SetAccount = "update accounts set storage_level = $2 where id = $1";

    private const string InsertRun = $"""
        insert into storage_runs (id, account_id, level, requested_by, total)
        values ($1, $2, $3, $4, (select count(*) from accounts where $2 is null or id = $2))
        returning {StorageRun.Columns}
        """;

    private const string List = $"""
        select {StorageRun.Columns}
        from storage_runs
        where (requested_at, id) < ($1, $2)
        order by requested_at desc, id desc
        limit $3
        """;

    private const string Find = $"select {StorageRun.Columns} from storage_runs where id = $1";

    /// <summary>What is stored of an account, or of all; null when there is no such account.</summary>
    public async Task<StorageSetting?> ReadAsync(AccountId? account, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, account, cancellationToken);
    }

    /// <summary>
    /// Sets what is stored of an account, or of all, and queues a run where the level leaves out what was stored by default, or bodies that were
    /// stored so far: once more, if it was set before.
    /// </summary>
    /// <returns>What holds now; null when there is no such account.</returns>
    /// <exception cref="ProblemException">Bodies cannot be encrypted.</exception>
    public async Task<StorageSetting?> SetAsync(AccountId? account, StorageLevel? level, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(connection, account, cancellationToken) is not { } before)
        {
            return null;
        }

        ThrowUnlessPossible(level);
        await WriteAsync(connection, account, level, cancellationToken);
        var setting = (await ReadAsync(connection, account, cancellationToken))!;
        var leavesOut = setting.EffectiveLevel < StorageLevel.Snippet || setting.EffectiveLevel < before;
        var run = leavesOut ? await AddRunAsync(connection, account, setting.EffectiveLevel, actor, cancellationToken) : null;
        await OperationsAudit.AppendAsync(
            connection, actor, OperationAction.SetStorageLevel, new { account = account?.Value, level }, run?.Id, run is null ? new { setting.EffectiveLevel } : null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return setting with { Run = run };
    }

    /// <summary>A page of the runs, newest first.</summary>
    public async Task<Page<StorageRun>> ListAsync(PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(List);
        RunPosition.AddTo(command, page, ListName);
        command.Parameters.Add(new() { Value = page.Size + 1 });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<StorageRun>();
        while (await row.ReadAsync(cancellationToken))
        {
            runs.Add(StorageRun.Read(row));
        }

        return Page.Of(runs, page.Size, last => RunPosition.CursorOf(ListName, last.RequestedAt, last.Id));
    }

    /// <summary>A run; null when there is none with this id.</summary>
    public async Task<StorageRun?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? StorageRun.Read(row) : null;
    }

    private static async Task<StorageSetting?> ReadAsync(NpgsqlConnection connection, AccountId? account, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(account is null ? ReadAll : ReadAccount, connection);
        if (account is not null)
        {
            command.Parameters.Add(new() { Value = account.Value });
        }

        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new StorageSetting(row.IsDBNull(0) ? null : StableText.Parse<StorageLevel>(row.GetString(0)), StableText.Parse<StorageLevel>(row.GetString(1)))
            : null;
    }

    private void ThrowUnlessPossible(StorageLevel? level)
    {
        if (level == StorageLevel.Body && masterKeys.CurrentId is null)
        {
            throw new ProblemException(new Problem(ProblemKind.NoMasterKey, "Bodies are stored encrypted only. Put a key into Bodies:MasterKeys of the Api and the Processor."));
        }
    }

    /// <summary>Locks the setting, and tells what holds so far; null when there is no such account.</summary>
    private static async Task<StorageLevel?> TakeAsync(NpgsqlConnection connection, AccountId? account, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(account is null ? TakeAll : TakeAccount, connection);
        if (account is not null)
        {
            command.Parameters.Add(new() { Value = account.Value });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is string level ? StableText.Parse<StorageLevel>(level) : null;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, AccountId? account, StorageLevel? level, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(account is null ? SetAll : SetAccount, connection);
        if (account is not null)
        {
            command.Parameters.Add(new() { Value = account.Value });
        }

        command.Parameters.Add(new() { Value = (object?)level?.ToText() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<StorageRun> AddRunAsync(NpgsqlConnection connection, AccountId? account, StorageLevel level, string actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(InsertRun, connection);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = (object?)account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = level.ToText() });
        command.Parameters.Add(new() { Value = actor });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return StorageRun.Read(row);
    }
}
