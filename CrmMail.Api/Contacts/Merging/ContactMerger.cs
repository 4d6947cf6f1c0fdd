using CrmMail.Api.Operations;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Begins a merge: from one moment to the next, addresses and deals are those of the other contact, and the first is none any more. Its mails
/// are moved by the Processor.
/// </summary>
internal sealed class ContactMerger(NpgsqlDataSource database)
{
    // In the order of their ids, so that two that merge the same contacts the other way round cannot wait for each other.
    private const string LockContacts = "select id from contacts where id = any ($1) and not is_merged order by id for update";

    private const string CountAddresses = "select count(*) from contact_addresses where contact_id = any ($1)";

    private const string Insert = $"""
        insert into contact_merges (id, contact_id, into_id, requested_by, name, company_id, created_at, addresses, deals, shared_deals, gives_name, gives_company, total)
        select
            $1,
            contact.id,
            other.id,
            $4,
            contact.name,
            contact.company_id,
            contact.created_at,
            array(select address from contact_addresses where contact_id = contact.id order by position, address),
            array(select deal_id from deal_contacts where contact_id = contact.id order by deal_id),
            array(
                select deal_id
                from deal_contacts
                join deal_contacts as shared using (deal_id)
                where deal_contacts.contact_id = contact.id
                  and shared.contact_id = other.id
                order by deal_id),
            contact.name <> '' and other.name = '',
            contact.company_id is not null and other.company_id is null,
            (select count(*) from activity_contacts where contact_id = contact.id)
        from contacts as contact, contacts as other
        where contact.id = $2
          and other.id = $3
        returning {ContactMerge.Columns}
        """;

    // Behind those of the other one: the first of them stays the preferred one, and that by which it has its company.
    private const string MoveAddresses = """
        update contact_addresses
        set contact_id = $2, position = last.position + own.place
        from (select address, row_number() over (order by position, address) as place from contact_addresses where contact_id = $1) as own,
            (select coalesce(max(position), -1) as position from contact_addresses where contact_id = $2) as last
        where contact_addresses.address = own.address
        """;

    private const string JoinDeals = """
        insert into deal_contacts (deal_id, contact_id)
        select deal_id, $2
        from deal_contacts
        where contact_id = $1
        order by deal_id
        on conflict (deal_id, contact_id) do nothing
        """;

    private const string LeaveDeals = "delete from deal_contacts where contact_id = $1";

    private const string Enrich = """
        update contacts as other
        set name = case when merge.gives_name then merge.name else other.name end,
            company_id = case when merge.gives_company then merge.company_id else other.company_id end,
            updated_at = now()
        from contact_merges as merge
        where merge.id = $1
          and other.id = merge.into_id
        """;

    private const string TakeDismissals = """
        insert into dismissed_suggestions (contact_id, address, dismissed_by, dismissed_at)
        select $2, address, dismissed_by, dismissed_at
        from dismissed_suggestions
        where contact_id = $1
        order by address
        on conflict (contact_id, address) do nothing
        """;

    private const string Hide = "update contacts set is_merged = true, company_id = null where id = $1";

    /// <summary>Begins to merge the contact into the other one; the merge that there is, where that was asked for before.</summary>
    /// <exception cref="ProblemException">It cannot be merged.</exception>
    public async Task<ContactMerge> MergeAsync(Guid contact, Guid into, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ContactLock.ShareAsync(connection, cancellationToken);
        var there = await LockAsync(connection, [contact, into], cancellationToken);
        if (!there.Contains(contact))
        {
            return await FindAsync(connection, contact, into, cancellationToken);
        }

        await ThrowUnlessMergeableAsync(connection, contact, into, there.Contains(into), cancellationToken);
        var merge = await WriteAsync(connection, contact, into, actor, cancellationToken);
        await OperationsAudit.AppendAsync(connection, actor, OperationAction.MergeContacts, new { contactId = contact, intoId = into }, merge.Id, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return merge;
    }

    /// <summary>The contacts of these that are there; they stay as they are until the transaction ends.</summary>
    public static async Task<HashSet<Guid>> LockAsync(NpgsqlConnection connection, Guid[] contacts, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LockContacts, connection) { Parameters = { new() { Value = contacts } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var there = new HashSet<Guid>();
        while (await row.ReadAsync(cancellationToken))
        {
            there.Add(row.GetGuid(0));
        }

        return there;
    }

    private static async Task<ContactMerge> FindAsync(NpgsqlConnection connection, Guid contact, Guid into, CancellationToken cancellationToken)
    {
        if (await MergeTable.FindMergedAsync(connection, contact, cancellationToken) is not { } merged)
        {
            throw new ProblemException(MergeTable.NoSuchContact());
        }

        return merged.IntoId == into
            ? (await MergeTable.FindAsync(connection, merged.MergeId, cancellationToken))!
            : throw new ProblemException(merged.ToProblem(ProblemKind.ContactMerged));
    }

    private static async Task ThrowUnlessMergeableAsync(NpgsqlConnection connection, Guid contact, Guid into, bool isIntoThere, CancellationToken cancellationToken)
    {
        if (!isIntoThere)
        {
            throw new ProblemException(await MergeTable.FindMergedAsync(connection, into, cancellationToken) is { } merged
                ? merged.ToProblem(ProblemKind.TargetMerged)
                : Problem.Invalid("into", "There is no such contact."));
        }

        await MergeRules.ThrowIfBusyAsync(connection, [contact, into], cancellationToken);
        await using var command = new NpgsqlCommand(CountAddresses, connection) { Parameters = { new() { Value = new[] { contact, into } } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is > (long)ContactDraft.MaxAddresses)
        {
            throw new ProblemException(ContactDraft.TooManyAddresses());
        }
    }

    private static async Task<ContactMerge> WriteAsync(NpgsqlConnection connection, Guid contact, Guid into, string actor, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Insert) { Parameters = { new() { Value = id }, new() { Value = contact }, new() { Value = into }, new() { Value = actor } } },
                new(MoveAddresses) { Parameters = { new() { Value = contact }, new() { Value = into } } },
                new(JoinDeals) { Parameters = { new() { Value = contact }, new() { Value = into } } },
                new(LeaveDeals) { Parameters = { new() { Value = contact } } },
                new(TakeDismissals) { Parameters = { new() { Value = contact }, new() { Value = into } } },
                new(Enrich) { Parameters = { new() { Value = id } } },
                new(Hide) { Parameters = { new() { Value = contact } } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return ContactMerge.Read(row);
    }
}
