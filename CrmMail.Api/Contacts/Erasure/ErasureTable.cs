using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Contacts;

/// <summary>The table <c>erasures</c>: what was erased, and what is kept.</summary>
internal sealed class ErasureTable(NpgsqlDataSource database)
{
    private const string Begin = """
        insert into erasures (id, contact_id, requested_by)
        values ($1, $2, $3)
        on conflict (contact_id) where completed_at is null do update
        set contact_id = erasures.contact_id
        returning id
        """;

    private const string Complete = "update erasures set completed_at = now(), certificate = $2 where id = $1";

    private const string Find = "select contact_id, requested_by, requested_at, completed_at, certificate::text from erasures where id = $1";

    private const string Unfinished = "select contact_id, requested_by from erasures where completed_at is null and requested_at < now() - $1 order by requested_at";

    private const string Retention = "select topic, now() + retention + segment, retention is null, seen_at from topic_retention";

    /// <summary>Notes that the contact is to be erased; the erasure that has begun already, if one has.</summary>
    public static async Task<Guid> BeginAsync(NpgsqlConnection connection, Guid contact, string actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Begin, connection) { Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = contact }, new() { Value = actor } } };
        return (Guid)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Certifies what went, in the transaction in which it went.</summary>
    public static async Task CompleteAsync(NpgsqlConnection connection, Guid erasure, ErasedData removed, CancellationToken cancellationToken)
    {
        var certified = new Certified(removed, await FindKeptAsync(connection, cancellationToken));
        await using var command = new NpgsqlCommand(Complete, connection);
        command.Parameters.Add(new() { Value = erasure });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(certified, ApiJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The certificate; null when there is no such erasure.</summary>
    public async Task<ErasureCertificate?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var certified = row.IsDBNull(4) ? null : JsonSerializer.Deserialize<Certified>(row.GetString(4), ApiJson.Options);
        return new ErasureCertificate(
            id,
            row.GetGuid(0),
            row.GetString(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
            certified?.Removed,
            certified?.Kept ?? []);
    }

    /// <summary>Contacts whose erasure began longer ago than this and has not come to its end, and who asked for it.</summary>
    public async Task<List<(Guid Contact, string Actor)>> FindUnfinishedAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Unfinished);
        command.Parameters.Add(new() { Value = age });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var unfinished = new List<(Guid, string)>();
        while (await row.ReadAsync(cancellationToken))
        {
            unfinished.Add((row.GetGuid(0), row.GetString(1)));
        }

        return unfinished;
    }

    private static async Task<List<KeptData>> FindKeptAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var kept = new List<KeptData>
        {
            new("activities", "Subjects and first words of mails that others take part in.", KeptFor.ForEver),
            new("activity_bodies", "Texts of such mails, where they are stored: encrypted with keys of the others.", KeptFor.ForEver),
            new("erased_addresses", "Keyed hashes of the addresses: by them nobody brings the person back by mistake.", KeptFor.ForEver),
            new("spilled_bodies", "Webhooks of more than 1 MiB as they came, named by records of mail.events.", KeptFor.ForEver),
        };
        var topics = await FindTopicsAsync(connection, cancellationToken);
        kept.Add(topics.GetValueOrDefault(MailTopics.Events) ?? new KeptData(MailTopics.Events, Events, KeptFor.Unknown));
        kept.Add(topics.GetValueOrDefault(MailTopics.DeadLetters) ?? new KeptData(MailTopics.DeadLetters, DeadLetters, KeptFor.Unknown));
        return kept;
    }

    private const string Events = "Webhooks as they came. Whatever reads them again leaves the person out.";
    private const string DeadLetters = "Webhooks that could not be processed, as they came.";

    private static async Task<Dictionary<string, KeptData>> FindTopicsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Retention, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var topics = new Dictionary<string, KeptData>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            var topic = row.GetString(0);
            DateTimeOffset? until = row.GetBoolean(2) ? null : row.GetFieldValue<DateTimeOffset>(1);
            topics[topic] = new KeptData(
                topic, topic == MailTopics.Events ? Events : DeadLetters, until is null ? KeptFor.ForEver : KeptFor.Until, until, row.GetFieldValue<DateTimeOffset>(3));
        }

        return topics;
    }

    /// <summary>The JSON of the column.</summary>
    private sealed record Certified(ErasedData Removed, IReadOnlyList<KeptData> Kept);
}
