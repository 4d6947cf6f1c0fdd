using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Writing;
using Npgsql;
using NpgsqlTypes;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Routing;

/// <summary>
/// Tells where the mails of a batch belong, once they are written: every event of a mail routes it anew, from what is stored of it. Three
/// round trips for any number of mails, and one where there are no deals; five where something is new in a conversation that has a deal, and
/// eight where other mails of it then follow. One instance per worker.
/// </summary>
internal sealed class RouteStage
{
    private readonly RoutingAddresses _addresses;
    private readonly string _mails = SqlFile.Read("routed_mails");
    private readonly string _mailsOfThreads = SqlFile.Read("mails_of_threads");
    private readonly CompanyAddresses _companies = new();

    private readonly ThreadRule _threads;
    private readonly IDealRule[] _rules;
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
        var addressed = new AddressRule();
        _threads = new ThreadRule(addressed);

        // In this order: the first that finds a deal wins.
        _rules = [addressed, _threads, new ContactRule(), new CompanyRule()];
        _lookups = [.. _rules, _companies];
    }

    /// <summary>Routes the mails of the book, in the transaction that has just written them.</summary>
    public Task<RouteEffects> RouteAsync(MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        RouteAsync(IdsOf(book), book, connection, cancellationToken);

    /// <summary>Routes activities of which nothing has changed but the deals of their contacts.</summary>
    public Task<RouteEffects> RouteStoredAsync(List<long> activities, Redactor redactor, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        RouteAsync(activities, new MailBook(maxLinkedContacts: 0, redactor), connection, cancellationToken);

    private async Task<RouteEffects> RouteAsync(List<long> ids, MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return RouteEffects.None;
        }

        var mails = await ReadMailsAsync(ids, RouteLock.AddShare, connection, cancellationToken);
        if (mails.Count == 0)
        {
            return RouteEffects.None;
        }

        await LookUpAsync(mails, connection, cancellationToken);
        if (AddsToThreads(mails, book))
        {
            mails = await ReadWithThreadsAsync(ids, connection, cancellationToken);
        }

        var followers = await WriteAsync(mails, book, connection, cancellationToken);
        return new RouteEffects(RefusedAddresses.Of(mails, book), followers);
    }

    private static List<long> IdsOf(MailBook book)
    {
        var ids = new List<long>(book.Mails.Count);
        foreach (var mail in book.Mails)
        {
            ids.Add(mail.Id);
        }

        return ids;
    }

    /// <summary>Whether anything of a conversation that has a deal, or just had one, is not as it was, so that mails that others are writing may have to follow.</summary>
    private bool AddsToThreads(List<RoutedMail> mails, MailBook book)
    {
        foreach (var mail in mails)
        {
            var thread = _threads.ThreadOf(mail);
            if (thread is { HasStrays: true }
                || ((thread?.Deal is not null || mail.Stored.Reason is DealReason.RoutingAddress) && IsChanged(mail, book)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsChanged(RoutedMail mail, MailBook book) =>
        book.StoredMail(mail.ActivityId) is { IsNew: true } or { IsThreadChanged: true } or { IsPlaceChanged: true } || Decide(mail) != mail.Stored;

    /// <summary>Reads the mails once more, without anybody who routes at the same time, and with the other mails of conversations whose deal has changed.</summary>
    private async Task<List<RoutedMail>> ReadWithThreadsAsync(List<long> ids, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var mails = await ReadMailsAsync(ids, RouteLock.AddTakeAlone, connection, cancellationToken);
        await LookUpAsync(mails, connection, cancellationToken);
        var changed = new List<byte[]>();
        foreach (var thread in _threads.Threads)
        {
            if (thread.HasStrays)
            {
                changed.Add(thread.Id.Bytes.ToArray());
            }
        }

        if (changed.Count > 0)
        {
            mails = await ReadMailsAsync(await ReadThreadsAsync(changed, ids, connection, cancellationToken), null, connection, cancellationToken);
            await LookUpAsync(mails, connection, cancellationToken);
        }

        return mails;
    }

    private async Task<List<long>> ReadThreadsAsync(List<byte[]> threads, List<long> own, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_mailsOfThreads, connection)
        {
            Parameters = { new() { Value = threads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<long>(own);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return [.. ids];
    }

    private async Task<List<RoutedMail>> ReadMailsAsync(
        List<long> ids, Action<NpgsqlBatch>? addLock, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        addLock?.Invoke(batch);
        batch.BatchCommands.Add(new(_mails)
        {
            Parameters = { new() { Value = ids }, new() { Value = (object?)_addresses.Ending ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (addLock is not null)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        var mails = new List<RoutedMail>();
        while (await reader.ReadAsync(cancellationToken))
        {
            mails.Add(ReadMail(reader));
        }

        return mails;
    }

    private RoutedMail ReadMail(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        MessageKey.FromBytes(row.GetFieldValue<byte[]>(7)),
        row.GetDateTime(1),
        row.IsDBNull(2) || !EmailAddress.TryParse(row.GetString(2), out var sender) ? null : DomainOf(sender.Value),
        ReadAddresses(row.GetFieldValue<string[]>(3), new MailTags(row.GetInt32(8)).Contains(MailTag.Unverified)),
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

        _threads.Offer(mails);
    }

    /// <returns>The activities that are not of the book.</returns>
    private async Task<IReadOnlyList<long>> WriteAsync(List<RoutedMail> mails, MailBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var others = new List<long>();
        _upsert.Clear();
        _delete.Clear();
        foreach (var mail in mails)
        {
            var route = Decide(mail);
            if (route == mail.Stored)
            {
                continue;
            }

            if (book.StoredMail(mail.ActivityId) is { } own)
            {
                own.IsRouteChanged = true;
            }
            else
            {
                others.Add(mail.ActivityId);
            }

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

        return others;
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
