using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Writers of single contacts go side by side. An import reads many contacts and then writes what they become, and so has them to itself
/// for the time of one batch. Held until the transaction ends.
/// </summary>
internal static class ContactLock
{
    // Any number will do, as long as it is nobody else's: "contacts" in ASCII.
    private const long Key = 0x636F6E7461637473;

    public static Task ShareAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, $"select pg_advisory_xact_lock_shared({Key})", cancellationToken);

    public static Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, $"select pg_advisory_xact_lock({Key})", cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
