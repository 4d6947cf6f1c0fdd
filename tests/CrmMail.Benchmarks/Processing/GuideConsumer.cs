using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using CrmMail.Benchmarks.Suite;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Benchmarks.Processing;

/// <summary>The consumer of the usual guide: for each mail one insert to find duplicates, one select for the contact and one insert of the activity, each committed by itself.</summary>
internal static class GuideConsumer
{
    private const string Tables = """
        create table guide_events (id text primary key);
        create table guide_activities (
            id bigint generated always as identity primary key,
            contact_id uuid not null references contacts,
            account_id text not null,
            message_id text not null,
            subject text not null,
            occurred_at timestamptz not null
        );
        create index on guide_activities (contact_id, occurred_at desc)
        """;

    /// <returns>Events a second.</returns>
    public static async Task<double> MeasureAsync(BenchServers servers, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var connection = await servers.Database.OpenConnectionAsync(cancellationToken);
        await using (var create = new NpgsqlCommand(Tables, connection))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var statements = new Statements(connection);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers.Kafka,
            GroupId = "guide",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(MailTopics.Events);
        await statements.WriteAsync(consumer.Consume(cancellationToken).Message.Value, cancellationToken);
        var (started, events) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(started) < duration && consumer.Consume(TimeSpan.FromSeconds(1)) is { } record)
        {
            await statements.WriteAsync(record.Message.Value, cancellationToken);
            events++;
        }

        var rate = events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        consumer.Close();
        return rate;
    }

    private sealed class Statements(NpgsqlConnection connection) : IAsyncDisposable
    {
        private readonly NpgsqlCommand _once = new("insert into guide_events (id) values ($1) on conflict do nothing", connection) { Parameters = { Text() } };
        private readonly NpgsqlCommand _contact = new("select contact_id from contact_addresses where address = $1", connection) { Parameters = { Text() } };
        private readonly NpgsqlCommand _insert = new(
            "insert into guide_activities (contact_id, account_id, message_id, subject, occurred_at) values ($1, $2, $3, $4, $5)", connection)
        {
            Parameters = { new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }, Text(), Text(), Text(), new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz } },
        };

        public async Task WriteAsync(byte[] body, CancellationToken cancellationToken)
        {
            using var mail = JsonDocument.Parse(body);
            var data = mail.RootElement.GetProperty("data");
            var messageId = data.GetProperty("messageId").GetString()!;
            _once.Parameters[0].Value = messageId;
            if (await _once.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return;
            }

            _contact.Parameters[0].Value = data.GetProperty("from").GetProperty("address").GetString();
            if (await _contact.ExecuteScalarAsync(cancellationToken) is not Guid contact)
            {
                return;
            }

            (_insert.Parameters[0].Value, _insert.Parameters[1].Value) = (contact, mail.RootElement.GetProperty("account").GetString());
            (_insert.Parameters[2].Value, _insert.Parameters[3].Value) = (messageId, data.GetProperty("subject").GetString());
            _insert.Parameters[4].Value = data.GetProperty("date").GetDateTime().ToUniversalTime();
            await _insert.ExecuteNonQueryAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _once.DisposeAsync();
            await _contact.DisposeAsync();
            await _insert.DisposeAsync();
        }

        private static NpgsqlParameter Text() => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
    }
}
