using CrmMail.Api.Timelines;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Bodies;

/// <summary>Reads bodies: those that the level and the retention of the moment allow, whether or not what they forbid is gone already.</summary>
internal sealed class BodyStore(NpgsqlDataSource database, MasterKeys masterKeys, IOptions<BodyOptions> options, TimeProvider time)
{
    // By a key that the configuration has, if there is one: while one follows another, contacts may have keys of both.
    private const string Find = $"""
        select storage_level(activities.account_id), activities.occurred_at, activities.redacted_at is not null, data_keys.id is not null, {SealedBody.Columns}
        from activities
        left join activity_bodies on activity_bodies.activity_id = activities.id
        left join body_keys on body_keys.activity_id = activities.id
        left join data_keys on data_keys.id = body_keys.data_key_id
        where activities.id = {ActivityReader.Wanted}
        order by data_keys.master_key = any ($2) desc nulls last, data_keys.id
        limit 1
        """;

    private const string CountKeys = "select master_key, count(*) from data_keys group by master_key order by master_key";

    /// <summary>What is known of the body; null when there is no such activity.</summary>
    public async Task<FoundBody?> FindAsync(long activity, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = activity });
        command.Parameters.Add(new() { Value = options.Value.MasterKeys.Select(key => key.Id).ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    /// <summary>How many data keys each master key has encrypted, of those that the configuration has and of those that the database names.</summary>
    public async Task<List<MasterKeyUse>> CountKeysAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(CountKeys);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var counts = options.Value.MasterKeys.ToDictionary(key => key.Id, _ => 0L, StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            counts[row.GetString(0)] = row.GetInt64(1);
        }

        return [.. counts.Select(count => new MasterKeyUse(count.Key, masterKeys.Has(count.Key), count.Key == masterKeys.CurrentId, count.Value))];
    }

    private FoundBody Read(NpgsqlDataReader row)
    {
        if (StableText.Parse<StorageLevel>(row.GetString(0)) < StorageLevel.Body)
        {
            return new FoundBody(null, BodyAbsence.Level);
        }

        if (row.GetDateTime(1) < options.Value.KeptSince(time))
        {
            return new FoundBody(null, BodyAbsence.Expired);
        }

        return row.GetBoolean(3)
            ? new FoundBody(SealedBody.Read(row, 4).Open(masterKeys), null)
            : new FoundBody(null, row.GetBoolean(2) ? BodyAbsence.Erased : BodyAbsence.NeverSent);
    }
}

/// <summary>A body, or why there is none.</summary>
internal readonly record struct FoundBody(MailBody? Body, BodyAbsence? Absence);
