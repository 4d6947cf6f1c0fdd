using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Decoding;
using Npgsql;

namespace CrmMail.Processor.Matching;

/// <summary>Finds the contacts of a whole batch in one round trip. One instance per worker: what it holds is reused from batch to batch.</summary>
internal sealed class MatchStage(NpgsqlDataSource database, PolicyContacts policyContacts, Strangers strangers)
{
    private const string Policy = "select policy from contact_settings";

    private readonly string _blockedValues = SqlFile.Read("blocked_values");
    private readonly AddressLookup _addresses = new();
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);
    private readonly List<(BatchItem Item, Correspondents People)> _mails = [];
    private readonly OutboundLookup _outbound = new();
    private ContactPolicy _policy;

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
            item.Match = ContactMatcher.Match(item.Event.Account, item.Placement, people, _outbound.Find(item.Event), _addresses.Book);
            policyContacts.AddTo(item, _policy, _addresses.Book.Blocked);
            strangers.AddTo(item, _addresses.Book.Blocked);
        }
    }

    private void Collect(ArraySegment<BatchItem> items)
    {
        _mails.Clear();
        _addresses.Clear();
        _domains.Clear();
        _outbound.Clear();
        foreach (var item in items)
        {
            var people = item.Event.Content switch
            {
                _ when item.Filter.Skip is not null => null,
                SeenMail seen when item.FolderSkip is null => Correspondents.Of(seen),
                DeliveredMail { Identity.IsEmpty: false } delivered => Correspondents.Of(delivered),
                _ => null,
            };
            if (people is null)
            {
                continue;
            }

            people.AddAddresses(item.Placement, _addresses.Asked);
            _mails.Add((item, people));
            _outbound.Add(item.Event);
        }
    }

    private async Task LookUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        _addresses.AddTo(batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_blockedValues) { Parameters = { new() { Value = AddressesAndDomains() } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Policy));
        _outbound.AddTo(batch);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await _addresses.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _addresses.Book.Blocked.Add(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        _policy = StableText.Parse<ContactPolicy>(reader.GetString(0));
        await _outbound.ReadAsync(reader, cancellationToken);
    }

    private List<string> AddressesAndDomains()
    {
        var domains = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var address in _addresses.Asked.Addresses)
        {
            Blocklist.AddDomains(address, domains);
        }

        var values = new List<string>(_addresses.Asked.Addresses.Count + _domains.Count);
        values.AddRange(_addresses.Asked.Addresses);
        values.AddRange(_domains);
        return values;
    }
}
