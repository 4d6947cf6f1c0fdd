using Npgsql;

namespace CrmMail.Ingest.Heartbeats;

/// <summary>The table <c>ingest_heartbeats</c>: a row for as long as the heart of an Ingest beats, by the clock of the database.</summary>
internal sealed class HeartbeatTable(NpgsqlDataSource database)
{
    // After a pause of four beats the row ends where it was, and another one begins.
    private const string Prolong = "update ingest_heartbeats set beat_at = now() where id = $1 and beat_at > now() - interval '2 minutes'";
    private const string Begin = "insert into ingest_heartbeats (id) values ($1)";

    // Against a server that accepts connections and then is silent.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private Guid _id = Guid.NewGuid();

    /// <summary>Writes that events can be put into Kafka.</summary>
    public Task BeatAsync(CancellationToken cancellationToken) => WriteBeatAsync(cancellationToken).WaitAsync(Timeout, cancellationToken);

    private async Task WriteBeatAsync(CancellationToken cancellationToken)
    {
        if (await ExecuteAsync(Prolong, _id, cancellationToken) == 0)
        {
            var id = Guid.NewGuid();
            await ExecuteAsync(Begin, id, cancellationToken);
            _id = id;
        }
    }

    private async Task<int> ExecuteAsync(string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = (int)Timeout.TotalSeconds;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
