using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Threading;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Conversations have no draft: whatever a mail of the range names belongs together in the real tables, and what is there beyond that is
/// right too. Written down is only what is not together there, to be looked at once more when the draft is compared.
/// </summary>
internal sealed class DraftThreads
{
    private readonly ThreadTable _threads = new();

    private readonly ArrayStatement<(long ActivityId, MessageKey Key)> _insert = new ArrayStatement<(long ActivityId, MessageKey Key)>("insert_loose_references")
        .Column(NpgsqlDbType.Bigint, row => row.ActivityId)
        .Column(NpgsqlDbType.Bytea, row => row.Key.Bytes.ToArray());

    public async Task WriteAsync(ThreadBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _threads.ReadAsync(book, connection, cancellationToken);
        _insert.Clear();
        foreach (var mention in book.Mentions)
        {
            if (!book.IsJoined(mention))
            {
                foreach (var key in mention.Keys)
                {
                    _insert.Add((mention.Mail.Id, key));
                }
            }
        }

        if (_insert.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            _insert.AddTo(batch);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
