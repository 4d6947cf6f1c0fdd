using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using CrmMail.Api.Problems;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>Writes everything that is stored about a person, as one JSON document of one moment, row by row as the database gives them.</summary>
internal sealed class ContactExporter(NpgsqlDataSource database, MergeTable merges, ExportedBodies bodies, TimeProvider time)
{
    private const int FlushBytes = 32 * 1024;

    private const string Contact = $"select {Contacts.Contact.Columns} from contacts where id = $1 and not is_merged";

    private static readonly (string Name, string Sql)[] Sections =
    [
        ("mergedContacts", """
            with recursive merged (id) as (
                select $1::uuid
                union
                select contact_id
                from contact_merges
                join merged on contact_merges.into_id = merged.id and state in ('moving', 'merged')
            )
            select jsonb_build_object('id', contact_id, 'intoId', into_id, 'name', name, 'addresses', addresses, 'createdAt', created_at, 'requestedAt', requested_at)::text
            from contact_merges
            join merged on contact_merges.contact_id = merged.id
            where state in ('moving', 'merged')
              and merged.id <> $1
              and $2 is not null
            order by requested_at, contact_merges.id
            """),
        ("deals", """
            select jsonb_build_object('id', deals.id, 'name', deals.name, 'companyId', deals.company_id, 'stage', stage, 'owner', owner, 'createdAt', deals.created_at)::text
            from deal_contacts
            join deals on deals.id = deal_contacts.deal_id
            where deal_contacts.contact_id = $1
              and $2 is not null
            order by deals.id
            """),
        ("activities", $"""
            select jsonb_build_object(
                'id', id, 'account', account_id, 'messageId', message_id, 'direction', direction,
                'roles', array(select role from activity_contacts where activity_id = activities.id and contact_id = $1 order by role),
                'subject', subject, 'snippet', snippet, 'participants', participants, 'attachmentCount', attachment_count, 'isAutoReply', is_auto_reply,
                'inReplyTo', in_reply_to, 'folder', folder_path, 'status', status, 'statusDetail', status_detail, 'statusAt', status_at,
                'occurredAt', occurred_at, 'receivedAt', received_at,
                'source', source, 'eventId', event_id, 'topic', topic, 'partition', partition, 'offset', "offset")::text
            from activities
            where id in ({PersonSql.Activities})
            order by occurred_at, id
            """),
        ("deliveryReports", $"""
            select jsonb_build_object('account', delivery_reports.account_id, 'activityId', activity_id, 'status', status, 'statusDetail', status_detail, 'statusAt', status_at)::text
            from message_keys
            join delivery_reports on delivery_reports.key = message_keys.key and delivery_reports.account_id = message_keys.account_id
            where activity_id in ({PersonSql.Activities})
            order by activity_id, delivery_reports.key
            """),
        ("skippedEvents", $"""
            with keys as materialized (
                select key, account_id
                from message_keys
                where activity_id in ({PersonSql.Activities})
            )
            select jsonb_build_object(
                'account', account_id, 'source', source, 'eventId', event_id, 'event', event, 'reason', reason,
                'topic', topic, 'partition', partition, 'offset', "offset", 'recordedAt', recorded_at)::text
            from skipped_events as skip
            where account_id in (select account_id from keys)
              and exists (select from keys where keys.account_id = skip.account_id and keys.key = any (skip.mail_keys))
            order by recorded_at, account_id, source, event_id
            """),
        ("outboundMessages", """
            select jsonb_build_object(
                'account', account_id, 'idempotencyKey', idempotency_key, 'state', state, 'messageId', message_id, 'subject', subject, 'snippet', snippet,
                'participants', participants, 'sendAt', send_at, 'createdAt', created_at)::text
            from outbound_messages
            where participant_addresses(participants) ?| $2
              and $1 is not null
            order by created_at, account_id, idempotency_key
            """),
    ];

    /// <summary>Writes the document; when it breaks off, so does the connection of whoever reads it.</summary>
    /// <exception cref="ProblemException">There is no such contact; nothing is written.</exception>
    public async Task WriteAsync(Guid id, HttpResponse response, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        if (await FindAsync(connection, id, cancellationToken) is not { } contact)
        {
            throw new ProblemException(await merges.MissingAsync(id, cancellationToken));
        }

        await bodies.ThrowUnlessReadableAsync(connection, id, cancellationToken);
        response.ContentType = "application/json";
        response.Headers.ContentDisposition = $"attachment; filename=\"contact-{id}.json\"";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("exportedAt", time.GetUtcNow());
        json.WritePropertyName("contact");
        JsonSerializer.Serialize(json, contact, ApiJson.Options);
        var spellings = new Person(contact.Addresses).Spellings;
        foreach (var (name, sql) in Sections)
        {
            json.WriteStartArray(name);
            await WriteAsync(connection, sql, id, spellings, json, response.BodyWriter, cancellationToken);
            json.WriteEndArray();
        }

        await bodies.WriteAsync(connection, id, json, response.BodyWriter, cancellationToken);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, string sql, Guid id, string[] spellings, Utf8JsonWriter json, PipeWriter body, CancellationToken cancellationToken)
    {
        // No timeout but the caller's: somebody with a long history takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = id }, new() { Value = spellings } } };
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            json.WriteRawValue(row.GetString(0), skipInputValidation: true);
            await FlushFullAsync(json, body, cancellationToken);
        }
    }

    /// <summary>Sends what was written, once that is enough.</summary>
    internal static async Task FlushFullAsync(Utf8JsonWriter json, PipeWriter body, CancellationToken cancellationToken)
    {
        if (json.BytesPending > FlushBytes)
        {
            await json.FlushAsync(cancellationToken);
            await body.FlushAsync(cancellationToken);
        }
    }

    private static async Task<Contact?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Contact, connection) { Parameters = { new() { Value = id } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Contacts.Contact.Read(row) : null;
    }
}
