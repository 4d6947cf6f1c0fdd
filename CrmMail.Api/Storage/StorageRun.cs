using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Storage;

/// <summary>A run that applies a level to what is stored.</summary>
/// <param name="Id">The run.</param>
/// <param name="Account">The account that it is about; null for all.</param>
/// <param name="Level">The level that held when it was asked for. It applies the one of the moment.</param>
/// <param name="State">How far it is: `queued`, `running`, `completed` or `failed`.</param>
/// <param name="RequestedBy">The name of the API key.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Total">How many accounts there were when it was asked for.</param>
/// <param name="Done">How many it is through with.</param>
/// <param name="Changed">From how many mails something was removed.</param>
/// <param name="Error">Why it could not go on.</param>
internal sealed record StorageRun(
    Guid Id,
    string? Account,
    StorageLevel Level,
    RunState State,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    long Total,
    long Done,
    long Changed,
    string? Error)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = "id, account_id, level, state, requested_by, requested_at, started_at, ended_at, total, done, changed, error";

    public static StorageRun Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.IsDBNull(1) ? null : row.GetString(1),
        StableText.Parse<StorageLevel>(row.GetString(2)),
        StableText.Parse<RunState>(row.GetString(3)),
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.GetInt64(8),
        row.GetInt64(9),
        row.GetInt64(10),
        row.IsDBNull(11) ? null : row.GetString(11));
}
