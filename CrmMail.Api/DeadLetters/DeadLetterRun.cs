using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.DeadLetters;

/// <summary>A run over dead letters.</summary>
/// <param name="Id">The run.</param>
/// <param name="Action">What it does with them.</param>
/// <param name="State">How far it is: `queued`, `running`, `completed`, `failed` or `cancelled`.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="RequestedBy">The name of the API key.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Total">How many letters there were when it was asked for.</param>
/// <param name="Done">How many it has put back, or discarded.</param>
/// <param name="Failed">How many it has left as they were: Kafka has them no longer, or does not take them.</param>
/// <param name="Error">Why it could not go on.</param>
internal sealed record DeadLetterRun(
    Guid Id,
    DeadLetterAction Action,
    RunState State,
    DeadLetterRunRequest Request,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    long Total,
    long Done,
    long Failed,
    string? Error)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = "id, action, state, request::text, requested_by, requested_at, started_at, ended_at, total, done, failed, error";

    public static DeadLetterRun Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        StableText.Parse<DeadLetterAction>(row.GetString(1)),
        StableText.Parse<RunState>(row.GetString(2)),
        JsonSerializer.Deserialize(row.GetString(3), DeadLetterRunJson.Default.DeadLetterRunRequest)!,
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.GetInt64(8),
        row.GetInt64(9),
        row.GetInt64(10),
        row.IsDBNull(11) ? null : row.GetString(11));
}
