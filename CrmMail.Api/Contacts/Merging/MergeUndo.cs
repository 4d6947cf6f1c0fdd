using CrmMail.Api.Operations;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Begins to undo a merge: from one moment to the next the contact is there again, with its id, and with the addresses and deals that the other
/// one still has. Its mails are given back by the Processor.
/// </summary>
internal sealed class MergeUndo(NpgsqlDataSource database)
{
    private const string LockMerge = "select from contact_merges where id = $1 for update";

    // The other contact was merged itself, or another one into it; and so on. The newest is the one from which to begin.
    private const string LaterMerge = """
        with recursive way (id, into_id, requested_at) as (
            select id, into_id, requested_at
            from contact_merges
            where id = $1
            union
            select later.id, later.into_id, later.requested_at
            from way
            join contact_merges as later
                on later.state <> 'undone'
                and (later.contact_id = way.into_id or (later.into_id = way.into_id and later.requested_at > way.requested_at))
        )
        select id
        from way
        where id <> $1
        order by requested_at desc
        limit 1
        """;

    private const string AddContact = """
        insert into contacts (id, name, company_id, created_at)
        select contact_id, name, company_id, created_at
        from contact_merges
        where id = $1
        """;

    // An address that was removed since, or went to somebody else, stays where it is.
    private const string ReturnAddresses = """
        update contact_addresses
        set contact_id = merge.contact_id, position = given.place - 1
        from contact_merges as merge
        cross join unnest(merge.addresses) with ordinality as given (address, place)
        where merge.id = $1
          and contact_addresses.address = given.address
          and contact_addresses.contact_id = merge.into_id
        """;

    private const string RejoinDeals = """
        insert into deal_contacts (deal_id, contact_id)
        select deal_contacts.deal_id, merge.contact_id
        from contact_merges as merge
        join deal_contacts on deal_contacts.contact_id = merge.into_id and deal_contacts.deal_id = any (merge.deals)
        where merge.id = $1
        order by deal_contacts.deal_id
        """;

    private const string LeaveDeals = """
        delete from deal_contacts
        using contact_merges as merge
        where merge.id = $1
          and deal_contacts.contact_id = merge.into_id
          and deal_contacts.deal_id = any (merge.deals)
          and deal_contacts.deal_id <> all (merge.shared_deals)
        """;

    // What was changed by hand since stays.
    private const string Impoverish = """
        update contacts as other
        set name = case when merge.gives_name and other.name = merge.name then '' else other.name end,
            company_id = case when merge.gives_company and other.company_id = merge.company_id then null else other.company_id end,
            updated_at = now()
        from contact_merges as merge
        where merge.id = $1
          and other.id = merge.into_id
        """;

    private const string Begin = $"""
        update contact_merges
        set state = 'undoing',
            undo_requested_by = $2,
            undo_requested_at = clock_timestamp(),
            total = (select count(*) from contact_merge_links where merge_id = $1),
            done = 0
        where id = $1
        returning {ContactMerge.Columns}
        """;

    /// <summary>Begins to undo the merge; the merge as it is, where that was asked for before. Null when there is none.</summary>
    /// <exception cref="ProblemException">It cannot be undone, or not yet.</exception>
    public async Task<ContactMerge?> UndoAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ContactLock.ShareAsync(connection, cancellationToken);
        if (await LockAsync(connection, id, cancellationToken) is not { } merge)
        {
            return null;
        }

        if (merge.State is MergeState.Undoing or MergeState.Undone)
        {
            return merge;
        }

        await ThrowUnlessUndoableAsync(connection, merge, cancellationToken);
        var undone = await WriteAsync(connection, id, actor, cancellationToken);
        await OperationsAudit.AppendAsync(connection, actor, OperationAction.UndoMerge, new { merge.ContactId, merge.IntoId }, id, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return undone;
    }

    /// <summary>The merge; nobody changes it, or the contact into which it went. That one first, as an erasure takes them.</summary>
    private static async Task<ContactMerge?> LockAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        if (await MergeTable.FindAsync(connection, id, cancellationToken) is not { } merge)
        {
            return null;
        }

        await ContactMerger.LockAsync(connection, [merge.IntoId], cancellationToken);
        await using var command = new NpgsqlCommand(LockMerge, connection) { Parameters = { new() { Value = id } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await MergeTable.FindAsync(connection, id, cancellationToken);
    }

    private static async Task ThrowUnlessUndoableAsync(NpgsqlConnection connection, ContactMerge merge, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LaterMerge, connection) { Parameters = { new() { Value = merge.Id } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is Guid later)
        {
            throw new ProblemException(new Problem(ProblemKind.LaterMerge, $"Undo the merge {later} first.")
            {
                Members = new Dictionary<string, object?> { ["mergeId"] = later },
            });
        }

        if (merge.State == MergeState.Moving)
        {
            throw new ProblemException(MergeRules.Running("The mails of the contact are still on their way."));
        }

        await MergeRules.ThrowIfBusyAsync(connection, [merge.ContactId, merge.IntoId], cancellationToken);
    }

    private static async Task<ContactMerge> WriteAsync(NpgsqlConnection connection, Guid id, string actor, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Begin) { Parameters = { new() { Value = id }, new() { Value = actor } } },
                new(AddContact) { Parameters = { new() { Value = id } } },
                new(ReturnAddresses) { Parameters = { new() { Value = id } } },
                new(RejoinDeals) { Parameters = { new() { Value = id } } },
                new(LeaveDeals) { Parameters = { new() { Value = id } } },
                new(Impoverish) { Parameters = { new() { Value = id } } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return ContactMerge.Read(row);
    }
}
