using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Housekeeping;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Privacy;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Threading;
using CrmMail.Processor.Writing;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Writes events once more to the real tables, as the live Processor does, in the transaction of whoever asks for it. What is there stays,
/// and what is missing is added. One instance per worker.
/// </summary>
internal sealed class RepeatedWrite(MatchStage match, RouteStage route, BodyStage bodies, Redactor redactor, AddressHashes hashes, int maxLinkedContacts, TimeProvider time)
{
    private readonly MailBookReader _reader = new(maxLinkedContacts, redactor, hashes);
    private readonly StoredLedger _storedLedger = new();
    private readonly MailBookWriter _writer = new();
    private readonly ErasedPeople _erased = new(hashes);
    private readonly ThreadTable _threads = new();

    /// <returns>What the events have changed, and where that led their mails.</returns>
    public async Task<(MailBook Book, RouteEffects Routed)> WriteAsync(ArraySegment<BatchItem> items, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await match.MatchAsync(items, connection, cancellationToken);
        var book = await _reader.OpenAsync(connection, items, cancellationToken, time.GetUtcNow().UtcDateTime - SkipJanitor.KeptFor);
        foreach (var item in items)
        {
            item.Outcome = book.Apply(item);
        }

        await _erased.RemoveAsync(book, connection, cancellationToken);
        await _storedLedger.RemoveFromAsync(book.Ledger, connection, cancellationToken);
        await _writer.WriteAsync(book, connection, cancellationToken);
        await bodies.WriteAsync(book, connection, cancellationToken);
        await _threads.JoinAsync(book.Threads, connection, cancellationToken);
        return (book, await route.RouteAsync(book, connection, cancellationToken));
    }
}
