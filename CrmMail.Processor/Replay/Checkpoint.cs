using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Replay;

/// <summary>How far a partition is, written in the transaction that wrote the rows: what is counted is written, and the other way round.</summary>
internal sealed class Checkpoint
{
    private readonly string _sql = SqlFile.Read("replay_checkpoint");

    /// <exception cref="LeaseLostException">Another worker has the partition, or the run has ended. Nothing may be committed.</exception>
    public async Task WriteAsync(NpgsqlConnection connection, PartitionWork work, long next, BatchResult result, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_sql, connection);
        command.Parameters.Add(new() { Value = work.Run.Id });
        command.Parameters.Add(new() { Value = work.Partition });
        command.Parameters.Add(new() { Value = work.Owner });
        command.Parameters.Add(new() { Value = next });
        command.Parameters.Add(new() { Value = result.Skipped });
        command.Parameters.Add(new() { Value = result.Unchanged });
        command.Parameters.Add(new() { Value = (long)result.LeftOut.Bad });
        command.Parameters.Add(new() { Value = result.Changes.ConvertAll(change => change.ActivityId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = result.Changes.ConvertAll(change => change.Kind), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = result.Changes.ConvertAll(change => change.Reason), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = result.LeftOut.Trimmed });
        command.Parameters.Add(new() { Value = result.Followers.ToArray() });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException();
        }
    }
}
