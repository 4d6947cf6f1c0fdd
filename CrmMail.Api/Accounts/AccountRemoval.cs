using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Accounts;

/// <summary>
/// Removes what is stored of an account. First its row becomes a tombstone, from which on the Processor writes nothing of the account any
/// more; then its data goes in parts, so that nobody waits long. Whatever interrupts it, doing it again finishes it.
/// </summary>
internal sealed class AccountRemoval(NpgsqlDataSource database)
{
    private const int PartSize = 1000;

    private const string Bury = """
        insert into accounts (id, state, state_since, forgotten_before)
        values ($1, 'deleted', now(), 'infinity')
        on conflict (id) do update
        set name = '',
            address = null,
            state = 'deleted',
            state_since = now(),
            state_partition = null,
            state_offset = -1,
            last_error = null,
            last_error_at = null,
            incoming_count = 0,
            sent_count = 0,
            skipped_count = 0,
            last_event_at = null,
            reconciled_until = null,
            forgotten_before = 'infinity'
        """;

    private const string DeleteAddresses = "delete from account_addresses where account_id = $1";

    // As every writer of an account takes its row first. Gone when somebody connected the account again meanwhile.
    private const string LockTombstone = "select id from accounts where id = $1 and forgotten_before = 'infinity' for no key update";

    private const string NextActivities = "select id from activities where account_id = $1 order by occurred_at desc, id desc limit $2";

    // In the order in which the Processor writes them. Nobody can link another mail to a locked entry, so what is counted next stays true.
    private const string LockEntries = """
        select id
        from timeline_entries
        where id in (select entry_id from activity_contacts where activity_id = any ($1))
        order by contact_id, mail_key
        for update
        """;

    // Keys and links go with them.
    private const string DeleteActivities = "delete from activities where id = any ($1)";

    private const string DeleteEntries = """
        delete from timeline_entries
        where id = any ($1)
          and not exists (select from activity_contacts where entry_id = timeline_entries.id)
        """;

    // The others' copies alone now say when the mail was, whether one of us sent it, and its tags.
    private const string SettleEntries = """
        update timeline_entries
        set occurred_at = rest.occurred_at, direction = rest.direction, tags = rest.tags
        from (
            select link.entry_id, min(copy.occurred_at) as occurred_at, max(copy.direction) as direction, bit_or(copy.tags) as tags
            from activity_contacts as link
            join activities as copy on copy.id = link.activity_id
            where link.entry_id = any ($1)
            group by link.entry_id
        ) as rest
        where timeline_entries.id = rest.entry_id
          and (timeline_entries.occurred_at, timeline_entries.direction, timeline_entries.tags) is distinct from (rest.occurred_at, rest.direction, rest.tags)
        """;

    private const string DeleteSkips = "delete from skipped_events where account_id = $1 and reason <> 'account-deleted'";

    private const string DeleteReports = "delete from delivery_reports where account_id = $1";

    private const string DeleteNames = """
        delete from address_names
        where address in (
            select address
            from address_ledger as own
            where account_id = $1
              and not exists (
                select
                from address_ledger as other
                where other.mailbox = own.mailbox
                  and other.address = own.address
                  and other.account_id <> $1))
        """;

    private const string DeleteLedger = "delete from address_ledger where account_id = $1";

    private const string DeleteReconciliations = "delete from reconciliations where account_id = $1";

    private const string DeleteBlocklist = "delete from blocklist where account_id = $1";

    private const string DeleteOutbound = "delete from outbound_messages where account_id = $1";

    /// <summary>Removes the account's data and lets nothing of it in any more.</summary>
    public async Task<RemovedAccount> RemoveAsync(AccountId account, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ExecuteAsync(connection, Bury, account.Value, cancellationToken);
            await ExecuteAsync(connection, DeleteAddresses, account.Value, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await FinishAsync(account, cancellationToken);
    }

    /// <summary>Removes what is left of an account that is a tombstone; nothing of any other.</summary>
    public async Task<RemovedAccount> FinishAsync(AccountId account, CancellationToken cancellationToken)
    {
        var removed = new RemovedAccount();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        bool isMore;
        do
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if ((await ReadAsync<string>(connection, LockTombstone, account.Value, cancellationToken)).Count == 0)
            {
                return removed;
            }

            (removed, isMore) = await RemovePartAsync(connection, account, removed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        while (isMore);

        return removed;
    }

    private static async Task<(RemovedAccount Removed, bool IsMore)> RemovePartAsync(
        NpgsqlConnection connection, AccountId account, RemovedAccount removed, CancellationToken cancellationToken)
    {
        var activities = await ReadActivitiesAsync(connection, account, cancellationToken);
        if (activities.Count == 0)
        {
            return (await RemoveRestAsync(connection, account, removed, cancellationToken), false);
        }

        var entries = await ReadAsync<long>(connection, LockEntries, activities, cancellationToken);
        var deleted = await ExecuteAsync(connection, DeleteActivities, activities, cancellationToken);
        var deletedEntries = await ExecuteAsync(connection, DeleteEntries, entries, cancellationToken);
        await ExecuteAsync(connection, SettleEntries, entries, cancellationToken);
        return (removed with { Activities = removed.Activities + deleted, TimelineEntries = removed.TimelineEntries + deletedEntries }, true);
    }

    private static async Task<RemovedAccount> RemoveRestAsync(
        NpgsqlConnection connection, AccountId account, RemovedAccount removed, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, DeleteNames, account.Value, cancellationToken);
        await ExecuteAsync(connection, DeleteLedger, account.Value, cancellationToken);
        await ExecuteAsync(connection, DeleteReconciliations, account.Value, cancellationToken);
        await ExecuteAsync(connection, DeleteBlocklist, account.Value, cancellationToken);
        return removed with
        {
            Skips = await ExecuteAsync(connection, DeleteSkips, account.Value, cancellationToken),
            DeliveryReports = await ExecuteAsync(connection, DeleteReports, account.Value, cancellationToken),
            OutboundMessages = await ExecuteAsync(connection, DeleteOutbound, account.Value, cancellationToken),
        };
    }

    private static async Task<List<long>> ReadActivitiesAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextActivities, connection) { Parameters = { new() { Value = account.Value }, new() { Value = PartSize } } };
        return await ReadAsync<long>(command, cancellationToken);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, object parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = parameter } } };
        return await ReadAsync<T>(command, cancellationToken);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = parameter } }, CommandTimeout = 0 };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
