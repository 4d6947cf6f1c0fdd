using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.Database;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Replay;
using CrmMail.Processor.Routing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Processor.Ledger;

/// <summary>Writes events of the ledger once more: Kafka still has what they told. To do so twice changes nothing (R5).</summary>
internal sealed class PastMail(
    NpgsqlDataSource database,
    ReplayKafka kafka,
    DecodeStage decode,
    ClassifyStage classify,
    Outages outages,
    TimeProvider time,
    RoutingAddresses addresses,
    BodyStages bodies,
    Redactor redactor,
    AddressHashes hashes,
    PolicyContacts policyContacts,
    Strangers strangers,
    IOptions<ConsumerOptions> consumer)
{
    // Live events of the same account wait for one batch at most.
    private const int BatchSize = 500;

    private readonly string _settle = SqlFile.Read("settle_events");
    private readonly RepeatedWrite _write = new(new MatchStage(database, policyContacts, strangers), new RouteStage(addresses), bodies.Create(), redactor, hashes, consumer.Value.MaxLinkedContacts, time);

    /// <summary>Writes all events that are given, some thousand at a time, until there are none left.</summary>
    /// <param name="read">Gives events in the order of their places, behind the last one before.</param>
    /// <param name="stop">Ends the work between two batches.</param>
    /// <returns>How many events were written.</returns>
    public async Task<int> WriteAsync(Func<EventPlace?, Task<List<EventPlace>>> read, CancellationToken stop)
    {
        var places = await outages.OutlastAsync(() => read(null), stop);
        if (places.Count == 0)
        {
            return 0;
        }

        using var reader = new PlaceReader(kafka);
        var written = 0;
        for (; places.Count > 0; places = await outages.OutlastAsync(() => read(places[^1]), stop))
        {
            written += await WriteAsync(places, reader, stop);
        }

        return written;
    }

    /// <summary>While a batch is written, the next one is read.</summary>
    private async Task<int> WriteAsync(List<EventPlace> places, PlaceReader reader, CancellationToken stop)
    {
        var written = 0;
        var batches = places.Chunk(BatchSize).ToList();
        var reading = ReadAsync(0);
        for (var n = 0; n < batches.Count; n++)
        {
            var items = await reading;
            reading = n + 1 < batches.Count ? ReadAsync(n + 1) : Task.FromResult<List<BatchItem>>([]);
            try
            {
                await WriteAsync(items.ToArray(), batches[n], stop);
                written += items.Count;
            }
            catch
            {
                // Nobody else uses the reader when it is closed.
                await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }
        }

        return written;

        Task<List<BatchItem>> ReadAsync(int batch) => Task.Run(() => DecodeAsync(batches[batch], reader, stop), CancellationToken.None);
    }

    private async Task<List<BatchItem>> DecodeAsync(EventPlace[] places, PlaceReader reader, CancellationToken stop)
    {
        var wanted = places.ToHashSet();
        var items = new List<BatchItem>(places.Length);
        foreach (var record in reader.Read(places, stop))
        {
            if (await TryDecodeAsync(record, stop) is { } item && wanted.Contains(PlaceOf(item)))
            {
                classify.Classify(item);
                items.Add(item);
            }
        }

        return items;
    }

    /// <summary>A record that can be read no more made what it made, and that stays.</summary>
    private async Task<BatchItem?> TryDecodeAsync(ConsumeResult<byte[], byte[]> record, CancellationToken stop)
    {
        try
        {
            return await decode.DecodeAsync(record, stop);
        }
        catch (BadRecordException)
        {
            return null;
        }
    }

    /// <summary>With the event, for a topic that was made anew has others at the same places.</summary>
    private static EventPlace PlaceOf(BatchItem item) => new(
        item.Record.Kafka.Partition.Value,
        item.Record.Kafka.Offset.Value,
        item.Event.Account.Value,
        item.Record.Headers.Source.ToText(),
        item.Record.Headers.EventId.Value);

    /// <summary>Writes the events, and that these places are done. Where the database refuses one of the events, all but that one are written.</summary>
    private async Task WriteAsync(ArraySegment<BatchItem> items, EventPlace[] places, CancellationToken stop)
    {
        try
        {
            await outages.OutlastAsync(() => WriteOnceAsync(items, places, stop), stop);
        }
        catch (Exception refused) when (refused is not OperationCanceledException && items.Count > 0)
        {
            var half = items.Count / 2;
            if (half > 0)
            {
                await WriteAsync(items[..half], [], stop);
                await WriteAsync(items[half..], [], stop);
            }

            await WriteAsync([], places, stop);
        }
    }

    private async Task<int> WriteOnceAsync(ArraySegment<BatchItem> items, EventPlace[] places, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (items.Count > 0)
        {
            await _write.WriteAsync(items, connection, stop);
        }

        await SettleAsync(places, connection, stop);
        await transaction.CommitAsync(stop);
        return items.Count;
    }

    private async Task SettleAsync(EventPlace[] places, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_settle, connection);
        command.Parameters.Add(new() { Value = Array.ConvertAll(places, place => place.AccountId) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(places, place => place.Source) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(places, place => place.EventId) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
