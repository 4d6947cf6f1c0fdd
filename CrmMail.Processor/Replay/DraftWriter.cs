using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Privacy;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Writing;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>Writes events to the draft of the run, by the same rules and statements as the real ones. One instance per worker.</summary>
internal sealed class DraftWriter(
    NpgsqlDataSource database, MatchStage match, RouteStage route, BodyStage bodies, Redactor redactor, AddressHashes hashes, int maxLinkedContacts, PartitionWork work) : IReplayWriter
{
    private readonly MailBookReader _reader = new(maxLinkedContacts, redactor, hashes);
    private readonly MailBookWriter _writer = new("draft_policy_contacts");
    private readonly ErasedPeople _erased = new(hashes);
    private readonly DraftThreads _threads = new();
    private readonly DraftSeed _seed = new(work);
    private readonly Checkpoint _checkpoint = new();

    // A rebuild counts what becomes of events when it writes them to the real tables.
    private bool Counts => work.Run.Mode == ReplayMode.Verify;

    public async Task<int> WriteAsync(ArraySegment<BatchItem> items, long next, LeftOut leftOut, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DraftSchema.UseAsync(connection, work.Run.Id, cancellationToken);
        var result = new BatchResult { LeftOut = Counts ? leftOut : default };
        if (items.Count > 0)
        {
            await WriteAsync(connection, items, cancellationToken);
            if (Counts && work.Pass == ReplayPass.Draft)
            {
                result.AddSkipped(items);
            }
            else if (Counts)
            {
                result.TakeBackSkipped(items);
            }
        }

        await _checkpoint.WriteAsync(connection, work, next, result, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return items.Count;
    }

    /// <summary>It is not in the draft, and what was made of it when it could be read stays as it is.</summary>
    public Task PutAsideAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, CancellationToken stop) => Task.CompletedTask;

    private async Task WriteAsync(NpgsqlConnection connection, ArraySegment<BatchItem> items, CancellationToken cancellationToken)
    {
        await _seed.CopyAsync(connection, items, cancellationToken);
        await match.MatchAsync(items, connection, cancellationToken);
        var book = await _reader.OpenAsync(connection, items, cancellationToken);
        foreach (var item in items)
        {
            item.Outcome = book.Apply(item);
        }

        await _erased.RemoveAsync(book, connection, cancellationToken);
        await _writer.WriteAsync(book, connection, cancellationToken);
        await bodies.WriteAsync(book, connection, cancellationToken);
        await _threads.WriteAsync(book.Threads, connection, cancellationToken);
        await route.RouteAsync(book, connection, cancellationToken);
    }
}
