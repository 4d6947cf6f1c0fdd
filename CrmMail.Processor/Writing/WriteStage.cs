using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Privacy;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Threading;
using Npgsql;

namespace CrmMail.Processor.Writing;

/// <summary>Writes a batch in one transaction: lock and read, decide in memory, write, encrypt, route. One instance per worker.</summary>
internal sealed class WriteStage(NpgsqlDataSource database, RouteStage route, BodyStage bodies, Redactor redactor, AddressHashes hashes, int maxLinkedContacts)
{
    private readonly MailBookReader _reader = new(maxLinkedContacts, redactor, hashes);
    private readonly MailBookWriter _writer = new();
    private readonly ErasedPeople _erased = new(hashes);
    private readonly ThreadTable _threads = new();

    /// <summary>Writes the events and sets their <see cref="BatchItem.Outcome"/>. After an exception nothing is written, or, if the connection broke during commit, all of it.</summary>
    /// <returns>What was left out.</returns>
    public async Task<BatchEffects> WriteAsync(ArraySegment<BatchItem> items, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var book = await _reader.OpenAsync(connection, items, cancellationToken);
        foreach (var item in items)
        {
            item.Outcome = book.Apply(item);
        }

        await _erased.RemoveAsync(book, connection, cancellationToken);
        await _writer.WriteAsync(book, connection, cancellationToken);
        await bodies.WriteAsync(book, connection, cancellationToken);
        await _threads.JoinAsync(book.Threads, connection, cancellationToken);
        var routed = await route.RouteAsync(book, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new BatchEffects(book.LinksLeftOut, routed.Refused);
    }
}
