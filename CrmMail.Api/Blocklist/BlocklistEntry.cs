using Npgsql;

namespace CrmMail.Api.Blocklist;

/// <summary>An address or a domain whose mails make no activities.</summary>
/// <param name="Id">A UUID of version 7.</param>
/// <param name="Value">The address or the domain, lower case and in A-labels.</param>
/// <param name="AccountId">The account for which it holds; null for all.</param>
/// <param name="Note">Why, in the words of whoever added it; may be empty.</param>
/// <param name="AddedBy">The name of the API key with which it was added.</param>
/// <param name="AddedAt">When it was added.</param>
internal sealed record BlocklistEntry(Guid Id, string Value, string? AccountId, string Note, string AddedBy, DateTimeOffset AddedAt)
{
    /// <summary>The columns that <see cref="Read"/> expects.</summary>
    public const string Columns = "id, value, account_id, note, added_by, added_at";

    /// <summary>Reads a row.</summary>
    public static BlocklistEntry Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));
}
