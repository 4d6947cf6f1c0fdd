using CrmMail.Processor.Database;
using CrmMail.Processor.Writing;
using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Replay;

/// <summary>
/// The rows of the ledger that are there. Of events that are written once more that is nearly every one, and to ask for it costs less than
/// to write it again: a conflict locks the row, and what is locked is written. One instance per worker.
/// </summary>
internal sealed class StoredLedger
{
    private readonly ArrayStatement<LedgerEntry> _missing = LedgerEntry.ByKey("missing_ledger").Column(Uuid, entry => entry.Asked.ContactId);

    /// <summary>Leaves in the book what is to be written.</summary>
    public async Task RemoveFromAsync(LedgerBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _missing.Clear();
        foreach (var entry in book.Entries)
        {
            _missing.Add(entry);
        }

        await using var batch = new NpgsqlBatch(connection);
        if (_missing.AddTo(batch) is null)
        {
            return;
        }

        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var kept = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            book.Entries[kept++] = book.Entries[(int)row.GetInt64(0)];
        }

        book.Entries.RemoveRange(kept, book.Entries.Count - kept);
    }
}
