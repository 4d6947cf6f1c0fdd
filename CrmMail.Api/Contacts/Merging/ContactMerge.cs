using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>A contact that was merged into another one.</summary>
/// <param name="Id">The merge.</param>
/// <param name="ContactId">The contact that is no more.</param>
/// <param name="IntoId">The contact into which it was merged.</param>
/// <param name="State">How far it is: `moving`, `merged`, `undoing` or `undone`.</param>
/// <param name="Name">The name that the contact had; empty once the merge is undone.</param>
/// <param name="Addresses">The addresses that moved; empty once the merge is undone.</param>
/// <param name="RequestedBy">The name of the API key.</param>
/// <param name="RequestedAt">When it was asked for. From then on the addresses and the deals are those of the other contact.</param>
/// <param name="MergedAt">When all mails had moved; null while that goes on.</param>
/// <param name="UndoRequestedBy">The name of the API key that asked to undo it.</param>
/// <param name="UndoRequestedAt">When that was asked for.</param>
/// <param name="UndoneAt">When all mails were back.</param>
/// <param name="Total">How many links between the contact and mails are to be moved, or moved back.</param>
/// <param name="Done">How many were. More than the total where mail came meanwhile.</param>
internal sealed record ContactMerge(
    Guid Id,
    Guid ContactId,
    Guid IntoId,
    MergeState State,
    string Name,
    IReadOnlyList<string> Addresses,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? MergedAt,
    string? UndoRequestedBy,
    DateTimeOffset? UndoRequestedAt,
    DateTimeOffset? UndoneAt,
    long Total,
    long Done)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns =
        "id, contact_id, into_id, state, name, addresses, requested_by, requested_at, merged_at, undo_requested_by, undo_requested_at, undone_at, total, done";

    public static ContactMerge Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetGuid(2),
        StableText.Parse<MergeState>(row.GetString(3)),
        row.GetString(4),
        row.GetFieldValue<string[]>(5),
        row.GetString(6),
        row.GetFieldValue<DateTimeOffset>(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        row.IsDBNull(9) ? null : row.GetString(9),
        row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
        row.GetInt64(12),
        row.GetInt64(13));
}

/// <summary>Into whom a contact is to be merged.</summary>
/// <param name="Into">The contact that stays.</param>
internal sealed record MergeRequest(Guid? Into);
