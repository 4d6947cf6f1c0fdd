using System.Data;
using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Merging;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Ledger;

/// <summary>What the ledger says of changed mailboxes, and which events are to be written once more.</summary>
internal sealed class LedgerTable(NpgsqlDataSource database)
{
    private const int MostAtOnce = 20_000;

    private readonly string _addresses = SqlFile.Read("ledger_addresses");
    private readonly string _dueEvents = SqlFile.Read("due_events");
    private readonly string _unlinkedEvents = SqlFile.Read("unlinked_events");
    private readonly AddressLookup _lookup = new();

    /// <summary>The addresses of the mailboxes that lead to somebody else than when their mails were written.</summary>
    /// <returns>Null while contacts are being merged: their mails are on their way, and not to be looked at before they have arrived.</returns>
    public async Task<List<StaleAddress>?> FindStaleAsync(List<string> mailboxes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // A merge that begins between the statements is seen by all of them, or by none.
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var isMerging = new NpgsqlCommand($"select {MergeTable.IsAnyOpen}", connection);
        return await isMerging.ExecuteScalarAsync(cancellationToken) is true ? null : await FindStaleAsync(mailboxes, connection, cancellationToken);
    }

    /// <summary>The same, for the one who merges contacts.</summary>
    public async Task<List<StaleAddress>> FindStaleInMergeAsync(List<string> mailboxes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindStaleAsync(mailboxes, connection, cancellationToken);
    }

    /// <summary>Events that were marked to be written once more, behind this one.</summary>
    public Task<List<EventPlace>> ReadDueAsync(EventPlace? after, CancellationToken cancellationToken) =>
        ReadEventsAsync(_dueEvents, after, cancellationToken);

    /// <summary>Events of the addresses that lead to a contact now and did not so far, behind this one.</summary>
    public Task<List<EventPlace>> ReadUnlinkedAsync(List<string> mailboxes, List<StaleAddress> found, EventPlace? after, CancellationToken cancellationToken) =>
        ReadEventsAsync(
            _unlinkedEvents,
            after,
            cancellationToken,
            new() { Value = mailboxes },
            new() { Value = found.ConvertAll(address => address.Address) },
            new() { Value = found.ConvertAll(address => address.Now), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });

    private async Task<List<StaleAddress>> FindStaleAsync(List<string> mailboxes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var known = await ReadAddressesAsync(mailboxes, connection, cancellationToken);
        if (known.Count == 0)
        {
            return [];
        }

        _lookup.Clear();
        foreach (var (address, _) in known)
        {
            _lookup.Asked.Add(address);
        }

        await using var batch = new NpgsqlBatch(connection);
        _lookup.AddTo(batch);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await _lookup.ReadAsync(reader, cancellationToken);
        return known
            .ConvertAll(row => new StaleAddress(row.Address.Value, row.Contact, _lookup.Book.ContactOf(row.Address)?.Contact))
            .FindAll(address => address.Before != address.Now);
    }

    private async Task<List<(EmailAddress Address, Guid? Contact)>> ReadAddressesAsync(List<string> mailboxes, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_addresses, connection) { Parameters = { new() { Value = mailboxes } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var addresses = new List<(EmailAddress, Guid?)>();
        while (await row.ReadAsync(cancellationToken))
        {
            addresses.Add((EmailAddress.Parse(row.GetString(0)), row.IsDBNull(1) ? null : row.GetGuid(1)));
        }

        return addresses;
    }

    private async Task<List<EventPlace>> ReadEventsAsync(string sql, EventPlace? after, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = after?.Partition ?? -1 });
        command.Parameters.Add(new() { Value = after?.Offset ?? -1 });
        command.Parameters.Add(new() { Value = MostAtOnce });
        command.Parameters.AddRange(more);
        return await EventPlace.ReadAllAsync(command, cancellationToken);
    }
}
