using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;
using static NpgsqlTypes.NpgsqlDbType;

namespace CrmMail.Processor.Bodies;

/// <summary>
/// The tables of bodies and their keys. A body is encrypted once, with a key of its own, and that with a key of each contact who is linked to
/// the mail: also of those who are linked later. One instance per worker.
/// </summary>
internal sealed class BodyTable(MasterKeys masterKeys) : IBodyTable
{
    private readonly BodyReader _reader = new(masterKeys);

    private readonly ArrayStatement<(WrappedDataKey Key, Guid ContactId)> _insertDataKeys = new ArrayStatement<(WrappedDataKey Key, Guid ContactId)>("insert_data_keys")
        .Column(Uuid, row => row.Key.Id)
        .Column(Uuid, row => row.ContactId)
        .Column(Text, row => row.Key.MasterKeyId)
        .Column(Bytea, row => row.Key.Content);

    private readonly ArrayStatement<(long ActivityId, StoredBody Row, byte[] Content)> _upsertBodies =
        new ArrayStatement<(long ActivityId, StoredBody Row, byte[] Content)>("upsert_bodies")
            .Column(Bigint, row => row.ActivityId)
            .Column(TimestampTz, row => row.Row.OccurredAt)
            .Column(Integer, row => row.Row.Length)
            .Column(Bytea, row => row.Row.Fingerprint)
            .Column(Bytea, row => row.Content);

    private readonly ArrayStatement<KnownBody> _placeBodies = new ArrayStatement<KnownBody>("place_bodies")
        .Column(Bigint, body => body.Mail.Id)
        .Column(TimestampTz, body => body.Mail.OccurredAt);

    private readonly ArrayStatement<long> _deleteBodyKeys = new ArrayStatement<long>("delete_body_keys")
        .Column(Bigint, activity => activity);

    private readonly ArrayStatement<(long ActivityId, Guid DataKeyId, byte[] Wrapped)> _insertBodyKeys =
        new ArrayStatement<(long ActivityId, Guid DataKeyId, byte[] Wrapped)>("insert_body_keys")
            .Column(Bigint, row => row.ActivityId)
            .Column(Uuid, row => row.DataKeyId)
            .Column(Bytea, row => row.Wrapped);

    /// <inheritdoc/>
    public async Task WriteAsync(List<OfferedBody> offered, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Clear();
        var (bodies, keys) = await _reader.ReadAsync(offered, connection, cancellationToken);
        foreach (var body in bodies)
        {
            Fill(body, keys);
        }

        await ExecuteAsync(keys, connection, cancellationToken);
    }

    private void Fill(KnownBody body, DataKeyRing keys)
    {
        if (body.New is var (content, row))
        {
            var key = ContentKey.Create();
            _upsertBodies.Add((body.Mail.Id, row, key.Seal(content, body.Place)));
            body.Mail.IsBodyChanged = true;
            if (body.Wrapped.Count > 0)
            {
                _deleteBodyKeys.Add(body.Mail.Id);
            }

            foreach (var contact in body.Mail.Links.Contacts)
            {
                Wrap(body, key, contact, keys);
            }
        }
        else if (body.Stored is { } stored)
        {
            LetRead(body, keys);
            if (stored.OccurredAt != body.Mail.OccurredAt)
            {
                _placeBodies.Add(body);
            }
        }
    }

    /// <summary>Whoever is linked and cannot read the stored body, can from now on.</summary>
    private void LetRead(KnownBody body, DataKeyRing keys)
    {
        ContentKey? opened = null;
        foreach (var contact in body.Mail.Links.Contacts)
        {
            if (!body.IsReadableBy(contact, keys))
            {
                opened ??= Open(body, keys);
                Wrap(body, opened, contact, keys);
            }
        }
    }

    private static ContentKey Open(KnownBody body, DataKeyRing keys)
    {
        var (dataKey, wrapped) = body.Wrapped.First();
        return keys.Open(dataKey).Unwrap(wrapped, body.Place);
    }

    private void Wrap(KnownBody body, ContentKey key, Guid contact, DataKeyRing keys)
    {
        var dataKey = keys.OfContact(contact);
        _insertBodyKeys.Add((body.Mail.Id, dataKey.Id, dataKey.Wrap(key, body.Place)));
    }

    /// <summary>In the order that foreign keys demand.</summary>
    private async Task ExecuteAsync(DataKeyRing keys, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var added in keys.Added)
        {
            _insertDataKeys.Add(added);
        }

        await using var batch = new NpgsqlBatch(connection);
        _insertDataKeys.AddTo(batch);
        _upsertBodies.AddTo(batch);
        _placeBodies.AddTo(batch);
        _deleteBodyKeys.AddTo(batch);
        _insertBodyKeys.AddTo(batch);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void Clear()
    {
        _insertDataKeys.Clear();
        _upsertBodies.Clear();
        _placeBodies.Clear();
        _deleteBodyKeys.Clear();
        _insertBodyKeys.Clear();
    }
}
