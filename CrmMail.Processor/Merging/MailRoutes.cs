using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Routing;
using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>Routes the mails of a contact anew, whose deals have changed: without it they would stay where they are until another event tells of them.</summary>
internal sealed class MailRoutes(NpgsqlDataSource database, RoutingAddresses addresses, Redactor redactor)
{
    private readonly string _activities = SqlFile.Read("activities_of_mails");
    private readonly RouteStage _route = new(addresses);

    /// <summary>Routes the mails of a page.</summary>
    /// <returns>How many activities they have.</returns>
    public async Task<int> RouteAsync(MailPage page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await new Statements(connection, cancellationToken).LockAccountsAsync(page.Accounts);
        var activities = await FindActivitiesAsync(page, connection, cancellationToken);
        await _route.RouteStoredAsync(activities, redactor, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return activities.Count;
    }

    private async Task<List<long>> FindActivitiesAsync(MailPage page, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_activities, connection);
        command.Parameters.Add(new() { Value = page.Contact });
        command.Parameters.Add(new() { Value = page.After });
        command.Parameters.Add(new() { Value = page.Last });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await row.ReadAsync(cancellationToken))
        {
            ids.Add(row.GetInt64(0));
        }

        return ids;
    }
}
