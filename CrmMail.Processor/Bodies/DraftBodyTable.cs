using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Bodies;

/// <summary>
/// Bodies in the draft of a replay: their fingerprints, which tell what would change. What is to be stored is encrypted when the events are
/// written to the real tables. One instance per worker.
/// </summary>
internal sealed class DraftBodyTable(MasterKeys masterKeys) : IBodyTable
{
    private static readonly byte[] Nothing = [];

    private readonly BodyReader _reader = new(masterKeys);

    private readonly ArrayStatement<(long ActivityId, StoredBody Row)> _upsertBodies = new ArrayStatement<(long ActivityId, StoredBody Row)>("upsert_bodies")
        .Column(Bigint, row => row.ActivityId)
        .Column(TimestampTz, row => row.Row.OccurredAt)
        .Column(Integer, row => row.Row.Length)
        .Column(Bytea, row => row.Row.Fingerprint)
        .Column(Bytea, _ => Nothing);

    /// <inheritdoc/>
    public async Task WriteAsync(List<OfferedBody> offered, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _upsertBodies.Clear();
        var (bodies, _) = await _reader.ReadAsync(offered, connection, cancellationToken);
        foreach (var body in bodies)
        {
            if (body.New is var (_, row))
            {
                _upsertBodies.Add((body.Mail.Id, row));
            }
        }

        await using var batch = new NpgsqlBatch(connection);
        if (_upsertBodies.AddTo(batch) is not null)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
