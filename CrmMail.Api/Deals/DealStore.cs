using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Deals;

/// <summary>Single deals: make, read, change.</summary>
internal sealed class DealStore(NpgsqlDataSource database)
{
    private const string Find = $"{Deal.Select} where deals.id = $1";

    private const string Insert = "insert into deals (id, name, company_id, stage, owner) values ($1, $2, $3, $4, $5)";

    private const string Update = """
        update deals
        set name = coalesce($2, name),
            company_id = coalesce($3, company_id),
            stage = coalesce($4, stage),
            owner = coalesce($5, owner),
            updated_at = now()
        where id = $1
        """;

    private const string RemoveContacts = "delete from deal_contacts where deal_id = $1 and contact_id <> all ($2)";

    private const string PutContacts = """
        insert into deal_contacts (deal_id, contact_id)
        select $1, contact_id
        from unnest($2) as wanted (contact_id)
        on conflict do nothing
        """;

    private const string OpenFirst = "insert into deal_periods (deal_id, opened_at) values ($1, coalesce($2, now()))";

    private const string OpenAgain = """
        insert into deal_periods (deal_id, opened_at)
        select $1, now()
        where not exists (select from deal_periods where deal_id = $1 and closed_at is null)
        """;

    private const string Close = "update deal_periods set closed_at = greatest(now(), opened_at) where deal_id = $1 and closed_at is null";

    private const string Company = "select from companies where id = $1 for key share";

    private const string Contacts = "select id from contacts where id = any ($1) and not is_merged order by id for key share";

    /// <summary>The deal; null when there is none.</summary>
    public async Task<Deal?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, id, cancellationToken);
    }

    /// <summary>Makes a deal.</summary>
    /// <exception cref="ProblemException">There is no such company or contact.</exception>
    public async Task<Deal> CreateAsync(DealDraft draft, DateTimeOffset? openedAt, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var open = new NpgsqlBatchCommand(OpenFirst)
        {
            Parameters = { new() { Value = id }, new() { Value = (object?)openedAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        };
        return (await WriteAsync(id, draft, Insert, open, cancellationToken))!;
    }

    /// <summary>Makes of the deal what the draft and the state say; null when there is none.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<Deal?> ChangeAsync(Guid id, DealDraft draft, DealState? state, CancellationToken cancellationToken)
    {
        var sql = state switch { DealState.Open => OpenAgain, DealState.Closed => Close, _ => null };
        return WriteAsync(id, draft, Update, sql is null ? null : new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = id } } }, cancellationToken);
    }

    private async Task<Deal?> WriteAsync(Guid id, DealDraft draft, string write, NpgsqlBatchCommand? period, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ThrowUnlessKnownAsync(connection, draft, cancellationToken);
        if (await WriteDealAsync(connection, id, draft, write, cancellationToken) == 0)
        {
            return null;
        }

        await WritePartsAsync(connection, id, draft, period, cancellationToken);
        var written = await ReadAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    /// <summary>Company and contacts stay until the transaction ends.</summary>
    private static async Task ThrowUnlessKnownAsync(NpgsqlConnection connection, DealDraft draft, CancellationToken cancellationToken)
    {
        var wanted = draft.Contacts ?? [];
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Company) { Parameters = { new() { Value = draft.CompanyId ?? Guid.Empty } } },
                new(Contacts) { Parameters = { new() { Value = wanted } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var faults = new FieldFaults();
        faults.AddIf(!await reader.ReadAsync(cancellationToken) && draft.CompanyId is not null, "companyId", "There is no such company.");
        await reader.NextResultAsync(cancellationToken);
        var known = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetGuid(0));
        }

        foreach (var contact in wanted.Where(contact => !known.Contains(contact)))
        {
            faults.Add("contacts", $"There is no contact {contact}.");
        }

        if (faults.Any)
        {
            throw new ProblemException(Problem.Invalid(faults));
        }
    }

    private static async Task<int> WriteDealAsync(NpgsqlConnection connection, Guid id, DealDraft draft, string write, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(write, connection)
        {
            Parameters = { new() { Value = id }, Text(draft.Name), new() { Value = (object?)draft.CompanyId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, Text(draft.Stage), Text(draft.Owner) },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WritePartsAsync(NpgsqlConnection connection, Guid id, DealDraft draft, NpgsqlBatchCommand? period, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (draft.Contacts is { } contacts)
        {
            batch.BatchCommands.Add(new(RemoveContacts) { Parameters = { new() { Value = id }, new() { Value = contacts } } });
            batch.BatchCommands.Add(new(PutContacts) { Parameters = { new() { Value = id }, new() { Value = contacts } } });
        }

        if (period is not null)
        {
            batch.BatchCommands.Add(period);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task<Deal?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Deal.Read(reader) : null;
    }
}
