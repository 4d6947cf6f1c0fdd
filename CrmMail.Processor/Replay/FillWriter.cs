using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Housekeeping;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Threading;
using CrmMail.Processor.Writing;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>Writes events to the real tables, as the live Processor does. One instance per worker.</summary>
internal sealed class FillWriter(
    NpgsqlDataSource database,
    MatchStage match,
    RouteStage route,
    Redactor redactor,
    int maxLinkedContacts,
    DeadLetterQueue deadLetters,
    DeadLetterRegister register,
    Outages outages,
    TimeProvider time,
    PartitionWork work) : IReplayWriter
{
    private readonly MailBookReader _reader = new(maxLinkedContacts, redactor);
    private readonly MailBookWriter _writer = new();
    private readonly ThreadTable _threads = new();
    private readonly Checkpoint _checkpoint = new();

    public async Task<int> WriteAsync(ArraySegment<BatchItem> items, long next, LeftOut leftOut, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = new BatchResult { LeftOut = leftOut };
        if (items.Count > 0)
        {
            await match.MatchAsync(items, connection, cancellationToken);
            var book = await _reader.OpenAsync(connection, items, cancellationToken, time.GetUtcNow().UtcDateTime - SkipJanitor.KeptFor);
            foreach (var item in items)
            {
                item.Outcome = book.Apply(item);
            }

            await _writer.WriteAsync(book, connection, cancellationToken);
            await _threads.JoinAsync(book.Threads, connection, cancellationToken);
            await route.RouteAsync(book, connection, cancellationToken);
            result.Add(book, items, countUnchanged: !work.Run.IsRebuild);
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
