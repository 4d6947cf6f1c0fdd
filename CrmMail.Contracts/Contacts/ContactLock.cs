using Npgsql;

namespace CrmMail.Contracts;

/// <summary>
/// Writers of single contacts go side by side. An import reads many contacts and then writes what they become, and so has them to itself
/// for the time of one batch. Held until the transaction ends.
/// </summary>
public static class ContactLock
{
    // Any number will do, as long as it is nobody else's: "contacts" in ASCII.
    private const string Key = "x'636F6E7461637473'::bigint";

    /// <summary>Held beside others of this kind.</summary>
    public const string Share = $"select pg_advisory_xact_lock_shared({Key})";

    private const string Take = $"select pg_advisory_xact_lock({Key})";

    /// <summary>Holds it beside others of this kind.</summary>
    public static Task ShareAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, Share, cancellationToken);

    /// <summary>Holds it alone.</summary>
    public static Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, Take, cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
