using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Bodies;

/// <summary>Reads what is stored of the bodies that are offered, with the keys that they need, in one round trip, and decides which are stored instead.</summary>
internal sealed class BodyReader(MasterKeys masterKeys)
{
    private readonly string[] _sql = [SqlFile.Read("known_bodies"), SqlFile.Read("known_body_keys"), SqlFile.Read("known_data_keys")];

    private readonly FingerprintKey _fingerprints = new(masterKeys);
    private readonly List<long> _activities = [];
    private readonly HashSet<Guid> _contacts = [];

    public async Task<(IReadOnlyCollection<KnownBody> Bodies, DataKeyRing Keys)> ReadAsync(
        List<OfferedBody> offered, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var bodies = Collect(offered);
        var keys = new DataKeyRing(masterKeys);
        await ReadAsync(bodies, keys, connection, cancellationToken);
        var fingerprints = keys.Fingerprints ?? await _fingerprints.CreateAsync(connection, cancellationToken);
        foreach (var (mail, content) in offered)
        {
            // A mail without contacts has nobody by whose key its body could be encrypted.
            if (content is not null && mail.Links.Contacts.Count > 0)
            {
                bodies[mail.Id].Offer(content, fingerprints.FingerprintOf(content, mail.AccountId));
            }
        }

        return (bodies.Values, keys);
    }

    private async Task ReadAsync(Dictionary<long, KnownBody> bodies, DataKeyRing keys, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = ToBatch(connection);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            bodies[row.GetInt64(0)].Stored = new StoredBody(row.GetDateTime(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3));
        }

        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            bodies[row.GetInt64(0)].Wrapped.Add(row.GetGuid(1), row.GetFieldValue<byte[]>(2));
        }

        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            keys.AddStored(new WrappedDataKey(row.GetGuid(0), row.GetString(2), row.GetFieldValue<byte[]>(3)), row.IsDBNull(1) ? null : row.GetGuid(1), row.GetBoolean(4));
        }
    }

    private Dictionary<long, KnownBody> Collect(List<OfferedBody> offered)
    {
        _activities.Clear();
        _contacts.Clear();
        var bodies = new Dictionary<long, KnownBody>();
        foreach (var (mail, _) in offered)
        {
            if (bodies.TryAdd(mail.Id, new KnownBody(mail)))
            {
                _activities.Add(mail.Id);
                _contacts.UnionWith(mail.Links.Contacts);
            }
        }

        return bodies;
    }

    private NpgsqlBatch ToBatch(NpgsqlConnection connection)
    {
        var contacts = new List<Guid>(_contacts);
        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(_sql[0]) { Parameters = { Activities() } },
                new NpgsqlBatchCommand(_sql[1]) { Parameters = { Activities() } },
                new NpgsqlBatchCommand(_sql[2])
                {
                    Parameters = { Activities(), new NpgsqlParameter<List<Guid>> { TypedValue = contacts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
                },
            },
        };
    }

    private NpgsqlParameter<List<long>> Activities() => new() { TypedValue = _activities, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
}
