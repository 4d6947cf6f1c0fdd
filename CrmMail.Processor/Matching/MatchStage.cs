using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Database;
using CrmMail.Processor.Decoding;
using Npgsql;

namespace CrmMail.Processor.Matching;

/// <summary>Finds the contacts of a whole batch in one round trip. One instance per worker: what it holds is reused from batch to batch.</summary>
internal sealed class MatchStage(NpgsqlDataSource database)
{
    private readonly string _ownAddresses = SqlFile.Read("own_addresses");
    private readonly string _ownGmailMailboxes = SqlFile.Read("own_gmail_mailboxes");
    private readonly AskedAddresses _addresses = new();
    private readonly List<(BatchItem Item, Correspondents People)> _mails = [];
    private readonly OutboundLookup _outbound = new();
    private readonly AddressBook _book = new();

    /// <summary>Sets <see cref="BatchItem.Match"/> of every mail that may make an activity.</summary>
    public async Task MatchAsync(ArraySegment<BatchItem> items, CancellationToken cancellationToken)
    {
        Collect(items);
        if (_mails.Count > 0)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await LookUpAsync(connection, cancellationToken);
            Match();
        }
    }

    /// <inheritdoc cref="MatchAsync(ArraySegment{BatchItem}, CancellationToken)"/>
    /// <remarks>With the addresses that are known to the transaction of the connection.</remarks>
    public async Task MatchAsync(ArraySegment<BatchItem> items, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Collect(items);
        if (_mails.Count > 0)
        {
            await LookUpAsync(connection, cancellationToken);
            Match();
        }
    }

    private void Match()
    {
        foreach (var (item, people) in _mails)
        {
            item.Match = ContactMatcher.Match(item.Event.Account, item.Placement, people, _outbound.Find(item.Event), _book);
        }
    }

    private void Collect(ArraySegment<BatchItem> items)
    {
        _mails.Clear();
        _addresses.Clear();
        _outbound.Clear();
        _book.Clear();
        foreach (var item in items)
        {
            var people = item.Event.Content switch
            {
                SeenMail seen when item.FolderSkip is null => Correspondents.Of(seen),
                DeliveredMail { Identity.IsEmpty: false } delivered => Correspondents.Of(delivered),
                _ => null,
            };
            if (people is null)
            {
                continue;
            }

            people.AddAddresses(item.Placement, _addresses);
            _mails.Add((item, people));
            _outbound.Add(item.Event);
        }
    }

    private async Task LookUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddTo(batch, _addresses.Addresses, ContactSql.Match, _ownAddresses);
        var isGmailAsked = _addresses.GmailMailboxes.Count > 0;
        if (isGmailAsked)
        {
            AddTo(batch, _addresses.GmailMailboxes, ContactSql.MatchGmail, _ownGmailMailboxes);
        }

        _outbound.AddTo(batch);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadAsync(reader, static (row, book) => book.AddContact(row.GetString(0), row.GetGuid(1)), cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await ReadAsync(reader, static (row, book) => book.AddOwn(row.GetString(0), row.GetString(1)), cancellationToken);
        if (isGmailAsked)
        {
            await reader.NextResultAsync(cancellationToken);
            await ReadAsync(reader, static (row, book) => book.AddGmailContact(row.GetString(0), row.GetGuid(1)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await ReadAsync(reader, static (row, book) => book.AddGmailOwn(row.GetString(0), row.GetString(1)), cancellationToken);
        }

        await _outbound.ReadAsync(reader, cancellationToken);
    }

    private async Task ReadAsync(NpgsqlDataReader reader, Action<NpgsqlDataReader, AddressBook> readRow, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            readRow(reader, _book);
        }
    }

    private static void AddTo(NpgsqlBatch batch, IReadOnlyCollection<string> keys, string contacts, string own)
    {
        var parameter = new List<string>(keys);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(contacts) { Parameters = { new() { Value = parameter } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(own) { Parameters = { new() { Value = parameter } } });
    }
}
