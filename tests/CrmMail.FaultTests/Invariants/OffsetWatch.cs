using System.Globalization;
using Confluent.Kafka;
using Npgsql;

namespace CrmMail.FaultTests.Invariants;

/// <summary>
/// Looks again and again, while faults go on, whether everything before the committed offsets is in the database: first at the offsets,
/// then at the database, which only grows.
/// </summary>
internal sealed class OffsetWatch : IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    private readonly MailSystem _system;
    private readonly TopicTail _events;
    private readonly GroupOffsets _group;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<int, long> _seen = [];
    private readonly Task _watching;

    public OffsetWatch(MailSystem system, TopicTail events, GroupOffsets group)
    {
        (_system, _events, _group) = (system, events, group);
        _watching = WatchAsync();
    }

    public List<Violation> Violations { get; } = [];

    /// <summary>How often offsets and database were both there to be compared.</summary>
    public int Samples { get; private set; }

    /// <summary>The most memory that a service was seen with, in bytes, by its name.</summary>
    public Dictionary<string, long> MostMemory { get; } = [];

    /// <summary>Ends the watch with one more look.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _watching;
        await LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAny(_watching);
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        using var often = new PeriodicTimer(Often);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Weigh();
                await LookAsync();
                await often.WaitForNextTickAsync(_end.Token);
            }
            catch (Exception exception) when (exception is KafkaException or NpgsqlException or TimeoutException)
            {
                // Kafka or PostgreSQL is away: the next look sees what this one did not.
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
            }
        }
    }

    private void Weigh()
    {
        foreach (var service in (string[])[MailSystem.Ingest, .. MailSystem.Processors])
        {
            MostMemory[service] = Math.Max(MostMemory.GetValueOrDefault(service), ServerProcess.ResidentBytes(service));
        }
    }

    private async Task LookAsync()
    {
        foreach (var committed in await _group.CommittedAsync())
        {
            var partition = committed.Partition.Value;
            var records = _events.Range(partition, _seen.GetValueOrDefault(partition), committed.Offset.Value);
            if (records.Count > 0)
            {
                await CompareAsync(records, committed.Offset.Value);
                _seen[partition] = records[^1].Offset + 1;
            }
        }

        Samples++;
    }

    private async Task CompareAsync(List<TailRecord> records, long committed)
    {
        await using var command = _system.Database.CreateCommand(
            """
            select event_id, "offset"
            from unnest($1, $2, $3) as record (event_id, correlation_id, "offset")
            where not exists (select from activities where activities.correlation_id = record.correlation_id)
                and not exists (select from skipped_events where skipped_events.correlation_id = record.correlation_id)
                and not exists (select from dead_letters where topic = $4 and partition = $5 and dead_letters."offset" = record."offset")
            """);
        command.Parameters.Add(new() { Value = records.Select(record => record.EventId).ToArray() });
        command.Parameters.Add(new() { Value = records.Select(record => record.CorrelationId).ToArray() });
        command.Parameters.Add(new() { Value = records.Select(record => record.Offset).ToArray() });
        command.Parameters.Add(new() { Value = _events.Topic });
        command.Parameters.Add(new() { Value = records[0].Partition });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Violations.Add(new(
                Invariant.OffsetsAfterEffects,
                string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)} at {records[0].Partition}/{reader.GetInt64(1)} is in no table, and {committed} is committed")));
        }
    }
}
