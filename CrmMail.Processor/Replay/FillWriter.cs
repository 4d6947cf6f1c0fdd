using Confluent.Kafka;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>Writes events to the real tables, as the live Processor does. One instance per worker.</summary>
internal sealed class FillWriter(
    NpgsqlDataSource database,
    RepeatedWrite write,
    DeadLetterQueue deadLetters,
    DeadLetterRegister register,
    Outages outages,
    PartitionWork work) : IReplayWriter
{
    private readonly Checkpoint _checkpoint = new();

    public async Task<int> WriteAsync(ArraySegment<BatchItem> items, long next, LeftOut leftOut, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = new BatchResult { LeftOut = leftOut };
        if (items.Count > 0)
        {
            var (book, routed) = await write.WriteAsync(items, connection, cancellationToken);
            result.Add(book, items, countUnchanged: !work.Run.IsRebuild);
            result.AddFollowers(routed.Followers);
        }

        await _checkpoint.WriteAsync(connection, work, next, result, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return items.Count;
    }

    /// <summary>A dead letter that is known is none once more.</summary>
    public async Task PutAsideAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, CancellationToken stop)
    {
        if (!await outages.OutlastAsync(() => register.IsKnownAsync(record.TopicPartitionOffset, stop), stop))
        {
            await deadLetters.AddAsync(record, why, stop);
        }
    }
}
