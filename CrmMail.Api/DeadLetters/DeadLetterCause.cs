using Npgsql;

namespace CrmMail.Api.DeadLetters;

/// <summary>The dead letters of one cause.</summary>
/// <param name="Fingerprint">Names the cause.</param>
/// <param name="Reason">What is wrong with them.</param>
/// <param name="Detail">The same in words, of one of them.</param>
/// <param name="Open">How many wait for a decision.</param>
/// <param name="Requeued">How many were put back.</param>
/// <param name="Discarded">How many stay unprocessed.</param>
/// <param name="Accounts">How many accounts they are about.</param>
/// <param name="FirstFailedAt">When the first of them failed first.</param>
/// <param name="LastFailedAt">When the last of them failed last.</param>
internal sealed record DeadLetterCause(
    string Fingerprint, string Reason, string Detail, long Open, long Requeued, long Discarded, long Accounts, DateTimeOffset FirstFailedAt, DateTimeOffset LastFailedAt)
{
    public const string ListName = "dead-letter-causes";

    public static DeadLetterCause Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetInt64(6),
        row.GetFieldValue<DateTimeOffset>(7),
        row.GetFieldValue<DateTimeOffset>(8));
}
