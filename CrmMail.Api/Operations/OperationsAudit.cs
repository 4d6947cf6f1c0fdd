using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Operations;

/// <summary>The table <c>operations_audit</c>: who told the system to change data.</summary>
internal sealed class OperationsAudit(NpgsqlDataSource database)
{
    private const string Insert = """
        insert into operations_audit (actor, action, request, run_id, result)
        values ($1, $2, $3, $4, $5)
        """;

    private const string Select = """
        select id, at, actor, action, request::text, run_id, result::text
        from operations_audit
        where id < $1
          and ($2 is null or action = $2)
          and ($3 is null or run_id = $3)
        order by id desc
        limit $4
        """;

    /// <summary>Adds an entry on the caller's connection, so that it is there if and only if the transaction in progress is committed.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="actor">Who asked: <see cref="Actor"/>.</param>
    /// <param name="action">What for.</param>
    /// <param name="request">The request as it was understood, in the Api's JSON. Nothing of a mail.</param>
    /// <param name="runId">The run that does it, which also adds the result.</param>
    /// <param name="result">What came of it, where that is known at once.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    public static async Task AppendAsync(
        NpgsqlConnection connection, string actor, OperationAction action, object request, Guid? runId, object? result, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = action.ToText() });
        command.Parameters.Add(Json(request));
        command.Parameters.Add(new() { Value = (object?)runId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(Json(result));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The entries before this one, newest first.</summary>
    /// <param name="beforeId">The last entry seen; null for the newest.</param>
    /// <param name="action">Only entries of this action.</param>
    /// <param name="runId">Only entries of this run.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<List<AuditEntry>> ListAsync(long? beforeId, OperationAction? action, Guid? runId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new() { Value = beforeId ?? long.MaxValue });
        command.Parameters.Add(new() { Value = (object?)action?.ToText() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)runId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(Read(reader));
        }

        return entries;
    }

    /// <summary>An entry of the columns id, at, actor, action, request::text, run_id, result::text.</summary>
    public static AuditEntry Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetString(2),
        StableText.Parse<OperationAction>(row.GetString(3)),
        JsonElement.Parse(row.GetString(4)),
        row.IsDBNull(5) ? null : row.GetGuid(5),
        row.IsDBNull(6) ? null : JsonElement.Parse(row.GetString(6)));

    private static NpgsqlParameter Json(object? value) => new()
    {
        Value = value is null ? DBNull.Value : JsonSerializer.Serialize(value, value.GetType(), ApiJson.Options),
        NpgsqlDbType = NpgsqlDbType.Jsonb,
    };
}
