using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.DeadLetters;

/// <summary>The table <c>dead_letters</c>, which tells of every letter but what is in it.</summary>
internal sealed class DeadLetterStore(NpgsqlDataSource database)
{
    private const string ListName = "dead-letters";

    private const string Find = $"select {DeadLetter.Columns} from dead_letters where id = $1";

    private const string AuditOf = """
        select id, at, actor, action, request::text, run_id, result::text
        from operations_audit
        where run_id in (select run_id from dead_letter_run_results where dead_letter_id = $1)
        order by id
        """;

    private const string ByCause = """
        select
            fingerprint, min(reason), max(detail),
            count(*) filter (where state = 'open') as open,
            count(*) filter (where state = 'requeued'),
            count(*) filter (where state = 'discarded'),
            count(distinct account_id), min(first_failed_at), max(failed_at)
        from dead_letters
        group by fingerprint
        order by open desc, max(failed_at) desc, fingerprint
        limit @limit
        offset @skip
        """;

    /// <summary>A page of the letters that the filter finds, newest first.</summary>
    public async Task<Page<DeadLetter>> ListAsync(DeadLetterFilter filter, PageQuery page, CancellationToken cancellationToken)
    {
        var before = page.Position<Position>(ListName)?.Id ?? long.MaxValue;
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            select {DeadLetter.Columns}
            from dead_letters
            where {DeadLetterSql.Where(filter, command)}
              and id < @before
            order by id desc
            limit @limit
            """;
        command.Parameters.Add(new("before", before));
        command.Parameters.Add(new("limit", page.Size + 1));
        return Page.Of(await ReadAsync(command, DeadLetter.Read, cancellationToken), page.Size, last => Cursor.Encode(ListName, new Position(last.Id)));
    }

    /// <summary>The next letters that the filter finds, oldest first.</summary>
    public async Task<List<DeadLetter>> ReadAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            select {DeadLetter.Columns}
            from dead_letters
            where {DeadLetterSql.Where(filter, command)}
              and id > @after
            order by id
            limit @limit
            """;
        command.Parameters.Add(new("after", afterId));
        command.Parameters.Add(new("limit", limit));
        return await ReadAsync(command, DeadLetter.Read, cancellationToken);
    }

    /// <summary>A letter; null when there is none with this id.</summary>
    public async Task<DeadLetter?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, DeadLetter.Read, cancellationToken)).SingleOrDefault();
    }

    /// <summary>What operators have done with the letter, oldest first.</summary>
    public async Task<List<AuditEntry>> ReadAuditAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AuditOf);
        command.Parameters.Add(new() { Value = id });
        return await ReadAsync(command, OperationsAudit.Read, cancellationToken);
    }

    /// <summary>A page of the causes, the one with most open letters first. A cause whose count changes between two pages may be shown twice or not at all.</summary>
    public async Task<Page<DeadLetterCause>> ReadCausesAsync(PageQuery page, CancellationToken cancellationToken)
    {
        var skip = page.Position<Position>(DeadLetterCause.ListName)?.Id ?? 0;
        if (skip < 0)
        {
            throw PageQuery.NoSuchCursor();
        }

        await using var command = database.CreateCommand(ByCause);
        command.Parameters.Add(new("limit", page.Size + 1));
        command.Parameters.Add(new("skip", skip));
        var causes = await ReadAsync(command, DeadLetterCause.Read, cancellationToken);
        return Page.Of(causes, page.Size, _ => Cursor.Encode(DeadLetterCause.ListName, new Position(skip + page.Size)));
    }

    /// <summary>The bytes of a body that no record could hold; null when the database has it no longer.</summary>
    public async Task<byte[]?> ReadSpilledAsync(SpilledBody body, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select body from spilled_bodies where sha256 = $1");
        command.Parameters.Add(new() { Value = body.ToKey() });
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(read(row));
        }

        return items;
    }

    private sealed record Position(long Id);
}
