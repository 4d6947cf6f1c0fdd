using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Contacts;

/// <summary>The table <c>contact_merges</c>, and what to say of a contact that is not there.</summary>
internal sealed class MergeTable(NpgsqlDataSource database)
{
    private const string ListName = "contact-merges";

    private const string List = $"""
        select {ContactMerge.Columns}
        from contact_merges
        where (requested_at, id) < ($1, $2)
          and ($4 is null or contact_id = $4 or into_id = $4)
        order by requested_at desc, id desc
        limit $3
        """;

    private const string Find = $"select {ContactMerge.Columns} from contact_merges where id = $1";

    // Who is merged has one merge that is not undone, and that leads to the next contact.
    private const string Way = """
        with recursive way (contact_id, into_id, merge_id, step) as (
            select contact_id, into_id, id, 1
            from contact_merges
            where contact_id = $1
              and state in ('moving', 'merged')
            union all
            select next.contact_id, next.into_id, next.id, way.step + 1
            from way
            join contact_merges as next on next.contact_id = way.into_id and next.state in ('moving', 'merged')
        )
        select
            (select merge_id from way order by step limit 1),
            (select into_id from way order by step limit 1),
            (select into_id from way order by step desc limit 1)
        where exists (select from way)
        """;

    /// <summary>A page of the merges, newest first: all of them, or those of a contact into others and of others into it.</summary>
    public async Task<Page<ContactMerge>> ListAsync(Guid? contact, PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(List);
        RunPosition.AddTo(command, page, ListName);
        command.Parameters.Add(new() { Value = page.Size + 1 });
        command.Parameters.Add(new() { Value = (object?)contact ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var merges = new List<ContactMerge>();
        while (await row.ReadAsync(cancellationToken))
        {
            merges.Add(ContactMerge.Read(row));
        }

        return Page.Of(merges, page.Size, last => RunPosition.CursorOf(ListName, last.RequestedAt, last.Id));
    }

    /// <summary>A merge; null when there is none with this id.</summary>
    public async Task<ContactMerge?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, id, cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(Guid, CancellationToken)"/>
    public static async Task<ContactMerge?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = id } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? ContactMerge.Read(row) : null;
    }

    /// <summary>Where the contact went; null when it was not merged.</summary>
    public async Task<MergedContact?> FindMergedAsync(Guid contact, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindMergedAsync(connection, contact, cancellationToken);
    }

    /// <inheritdoc cref="FindMergedAsync(Guid, CancellationToken)"/>
    public static async Task<MergedContact?> FindMergedAsync(NpgsqlConnection connection, Guid contact, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Way, connection) { Parameters = { new() { Value = contact } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new MergedContact(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2)) : null;
    }

    /// <summary>What to answer where there is no such contact: it may have been merged.</summary>
    public async Task<Problem> MissingAsync(Guid contact, CancellationToken cancellationToken) =>
        await FindMergedAsync(contact, cancellationToken) is { } merged ? merged.ToProblem(ProblemKind.ContactMerged) : NoSuchContact();

    public static Problem NoSuchContact() => new(ProblemKind.NotFound, "There is no contact with this id.");
}

/// <summary>A contact that is none any more.</summary>
/// <param name="MergeId">The merge by which it went.</param>
/// <param name="IntoId">Into whom it was merged.</param>
/// <param name="ContactId">Who has what was its own today: another one than <paramref name="IntoId"/> where that was merged, too.</param>
internal sealed record MergedContact(Guid MergeId, Guid IntoId, Guid ContactId)
{
    public Problem ToProblem(ProblemKind kind) => new(kind, $"What belonged to the contact belongs to the contact {ContactId} now.")
    {
        Members = new Dictionary<string, object?> { ["contactId"] = ContactId, ["mergeId"] = MergeId },
    };
}
