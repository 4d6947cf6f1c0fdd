using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using CrmMail.Api.Bodies;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>The bodies that can be read with the keys of a contact, decrypted one after the other.</summary>
internal sealed class ExportedBodies(MasterKeys masterKeys, IOptions<BodyOptions> options, TimeProvider time)
{
    private const string MasterKeysOfContact = "select distinct master_key from data_keys where contact_id = $1";

    private const string Bodies = $"""
        select distinct on (activities.id) activities.id, {SealedBody.Columns}
        from data_keys
        join body_keys on body_keys.data_key_id = data_keys.id
        join activity_bodies on activity_bodies.activity_id = body_keys.activity_id
        join activities on activities.id = body_keys.activity_id
        where data_keys.contact_id = $1
          and activities.occurred_at >= $2
          and storage_level(activities.account_id) = 'body'
        order by activities.id, data_keys.id
        """;

    /// <exception cref="MissingMasterKeyException">The configuration does not have a key that is needed.</exception>
    public async Task ThrowUnlessReadableAsync(NpgsqlConnection connection, Guid contact, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MasterKeysOfContact, connection) { Parameters = { new() { Value = contact } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (!masterKeys.Has(row.GetString(0)))
            {
                throw new MissingMasterKeyException(row.GetString(0));
            }
        }
    }

    /// <summary>Writes the member <c>bodies</c>.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Guid contact, Utf8JsonWriter json, PipeWriter response, CancellationToken cancellationToken)
    {
        json.WriteStartArray("bodies");
        await using var command = new NpgsqlCommand(Bodies, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = contact });
        command.Parameters.Add(new() { Value = options.Value.KeptSince(time) });
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var activity = row.GetInt64(0);
            var body = ActivityBody.Of(SealedBody.Read(row, 1).Open(masterKeys));
            JsonSerializer.Serialize(json, new ExportedBody(activity, body.Text, body.Html, body.Truncated), ApiJson.Options);
            await ContactExporter.FlushFullAsync(json, response, cancellationToken);
        }

        json.WriteEndArray();
    }
}
