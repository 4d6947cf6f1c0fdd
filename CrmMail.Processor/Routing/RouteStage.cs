using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Writing;
using Npgsql;
using NpgsqlTypes;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Routing;

/// <summary>
/// Tells where the mails of a batch belong, once they are written: every event of a mail routes it anew, from what is stored of it. Three
/// round trips for any number of mails, and one where there are no deals. One instance per worker.
/// </summary>
internal sealed class RouteStage
{
    private readonly RoutingAddresses _addresses;
    private readonly string _mails = SqlFile.Read("routed_mails");
    private readonly CompanyAddresses _companies = new();

    // In this order: the first that finds a deal wins.
    private readonly IDealRule[] _rules = [new AddressRule(), new ContactRule(), new CompanyRule()];
    private readonly IRoutingLookup[] _lookups;
    private readonly List<IRoutingLookup> _asked = [];

    private readonly ArrayStatement<(long ActivityId, Route Route)> _upsert = new ArrayStatement<(long ActivityId, Route Route)>("upsert_routes")
        .Column(Bigint, row => row.ActivityId)
        .Column(Uuid, row => row.Route.DealId)
        .Column(Text, row => row.Route.Reason?.ToText())
        .Column(Uuid, row => row.Route.CompanyId);

    private readonly ArrayStatement<long> _delete = new ArrayStatement<long>("delete_routes").Column(Bigint, id => id);

    public RouteStage(RoutingAddresses addresses)
    {
        _addresses = addresses;
        _lookups = [.. _rules, _companies];
    }

    /// <summary>Routes the mails of the book, in the transaction that has just written them.</summary>
    /// <returns>The addresses of deals that were not believed, of mails whose activity was made now.</returns>
    public async Task<RefusedAddresses> RouteAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (book.Mails.Count == 0)
        {
            return default;
        }

        var mails = await ReadMailsAsync(book, connection, cancellationToken);
        if (mails.Count == 0)
        {
            return default;
        }

        await LookUpAsync(mails, connection, cancellationToken);
        await WriteAsync(mails, book, connection, cancellationToken);
        return RefusedAddresses.Of(mails, book);
    }

    private async Task<List<RoutedMail>> ReadMailsAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = new List<long>(book.Mails.Count);
        foreach (var mail in book.Mails)
        {
            ids.Add(mail.Id);
        }

        await using var command = new NpgsqlCommand(_mails, connection)
        {
            Parameters = { new() { Value = ids }, new() { Value = (object?)_addresses.Ending ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var mails = new List<RoutedMail>();
        while (await reader.ReadAsync(cancellationToken))
        {
            mails.Add(ReadMail(reader));
        }

        return mails;
    }

    private RoutedMail ReadMail(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetDateTime(1),
        row.IsDBNull(2) || !EmailAddress.TryParse(row.GetString(2), out var sender) ? null : DomainOf(sender.Value),
        ReadAddresses(row.GetFieldValue<string[]>(3), new MailTags(row.GetInt32(7)).Contains(MailTag.Unverified)),
        new Route(
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : StableText.Parse<DealReason>(row.GetString(5)),
            row.IsDBNull(6) ? null : row.GetGuid(6)));

    private RoutingAddress[] ReadAddresses(string[] recipients, bool isUnverified)
    {
        if (recipients.Length == 0)
        {
            return [];
        }

        var addresses = new RoutingAddress[recipients.Length];
        for (var at = 0; at < recipients.Length; at++)
        {
            var read = EmailAddress.TryParse(recipients[at], out var address) ? _addresses.Read(address) : default;
            addresses[at] = isUnverified && read.Kind is RoutingAddressKind.Deal or RoutingAddressKind.Company ? new RoutingAddress(RoutingAddressKind.Unverified) : read;
        }

        return addresses;
    }

    private static string? DomainOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at >= 0 && at < address.Length - 1 ? address[(at + 1)..] : null;
    }

    private async Task LookUpAsync(List<RoutedMail> mails, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        _asked.Clear();
        foreach (var lookup in _lookups)
        {
            if (lookup.Ask(mails) is { } command)
            {
                batch.BatchCommands.Add(command);
                _asked.Add(lookup);
            }
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var lookup in _asked)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                lookup.Read(reader);
            }

            await reader.NextResultAsync(cancellationToken);
        }
    }

    private async Task WriteAsync(List<RoutedMail> mails, MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _upsert.Clear();
        _delete.Clear();
        foreach (var mail in mails)
        {
            var route = Decide(mail);
            if (route == mail.Stored)
            {
                continue;
            }

            book.StoredMail(mail.ActivityId)!.IsRouteChanged = true;
            if (route.IsNowhere)
            {
                _delete.Add(mail.ActivityId);
            }
            else
            {
                _upsert.Add((mail.ActivityId, route));
            }
        }

        await using var batch = new NpgsqlBatch(connection);
        _upsert.AddTo(batch);
        _delete.AddTo(batch);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private Route Decide(RoutedMail mail)
    {
        foreach (var rule in _rules)
        {
            if (rule.DealOf(mail) is { } deal)
            {
                return new Route(deal, rule.Reason, _companies.CompanyOf(mail));
            }
        }

        return new Route(null, null, _companies.CompanyOf(mail));
    }
}
