using System.Text.Json;
using CrmMail.Api.Operations;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Replays;

/// <summary>Takes orders for replays: the run and its entry in the audit are there together, or neither. The Processors find it.</summary>
internal sealed class ReplayDesk(NpgsqlDataSource database, ReplayTable table)
{
    /// <summary>Asks for a run. One that changes nothing is not recorded in the audit.</summary>
    public async Task<ReplayRun> StartAsync(ReplayOrder order, ReplayRequest request, string actor, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ReplayTable.InsertAsync(connection, id, order, JsonSerializer.Serialize(request, ApiJson.Options), actor, cancellationToken);
            if (order.Mode != ReplayMode.Verify)
            {
                await OperationsAudit.AppendAsync(connection, actor, OperationAction.StartReplay, request, id, result: null, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return (await table.FindAsync(id, cancellationToken))!;
    }

    /// <summary>Ends a run, unless it has ended.</summary>
    /// <returns>The run; null when there is none.</returns>
    public async Task<ReplayRun?> CancelAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            if (await ReplayTable.CancelAsync(connection, id, cancellationToken))
            {
                await OperationsAudit.AppendAsync(connection, actor, OperationAction.CancelReplay, new { run = id }, id, result: null, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }

        return await table.FindAsync(id, cancellationToken);
    }
}
