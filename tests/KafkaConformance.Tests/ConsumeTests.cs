using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>Reading from an offset, from a time, and from where nothing is.</summary>
public sealed class ConsumeTests(SharedBrokers brokers)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory, OnEveryBroker]
    public async Task A_consumer_starts_at_any_offset_it_names(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await WriteMinutesAsync(broker, 10);
        using var consumer = broker.NewConsumer(ConfluentClients.NewGroup());
        consumer.Assign(new TopicPartitionOffset(topic, 0, 3));
        Assert.Equal("3", consumer.ConsumeNext().Message.Value);

        consumer.Seek(new(topic, 0, 8));
        Assert.Equal("8", consumer.ConsumeNext().Message.Value);

        consumer.Seek(new(topic, 0, 0));
        Assert.Equal("0", consumer.ConsumeNext().Message.Value);
    }

    /// <remarks>The records lie a minute apart: asked for a time, Kafka names the first record that is not older.</remarks>
    [Theory, OnEveryBroker]
    public async Task The_offset_of_a_time_is_that_of_the_first_record_that_is_not_older(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await WriteMinutesAsync(broker, 5);

        foreach (var (time, expected) in new (TimeSpan, long)[]
        {
            (TimeSpan.FromDays(-1), 0),
            (TimeSpan.Zero, 0),
            (TimeSpan.FromMilliseconds(1), 1),
            (TimeSpan.FromMinutes(1), 1),
            (TimeSpan.FromMinutes(3.5), 4),
            (TimeSpan.FromMinutes(4), 4),
            (TimeSpan.FromMinutes(5), Offset.End),
        })
        {
            Assert.Equal((time, expected), (time, Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.ForTimestamp((Start + time).ToUnixTimeMilliseconds())))));
        }
    }

    [Theory, OnEveryBroker]
    public async Task A_time_is_found_within_a_batch_too(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await WriteMinutesAsync(broker, 20, config => (config.LingerMs, config.CompressionType) = (200, CompressionType.Lz4));

        var offset = Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.ForTimestamp((Start + TimeSpan.FromMinutes(13)).ToUnixTimeMilliseconds())));

        Assert.Equal(13, offset);
    }

    [Theory, OnEveryBroker]
    public async Task Earliest_and_latest_are_the_ends_of_the_log(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var empty = await broker.CreateTopicAsync(partitions: 3);
        var written = await WriteMinutesAsync(broker, 5);

        Assert.Equal([0, 0, 0], await broker.ListOffsetsAsync(empty, 3, OffsetSpec.Earliest()));
        Assert.Equal([0, 0, 0], await broker.ListOffsetsAsync(empty, 3, OffsetSpec.Latest()));
        Assert.Equal([0], await broker.ListOffsetsAsync(written, 1, OffsetSpec.Earliest()));
        Assert.Equal([5], await broker.ListOffsetsAsync(written, 1, OffsetSpec.Latest()));
    }

    [Theory, OnEveryBroker(100L, -1L)]
    public async Task An_offset_that_does_not_exist_is_reset_to_the_earliest_or_the_latest(BrokerKind kind, long start)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await WriteMinutesAsync(broker, 5);
        if (start < 0)
        {
            await broker.Admin.DeleteRecordsAsync([new(topic, 0, 2)]);
            start = 0;
        }

        using var fromEarliest = broker.NewConsumer(ConfluentClients.NewGroup(), config => config.AutoOffsetReset = AutoOffsetReset.Earliest);
        fromEarliest.Assign(new TopicPartitionOffset(topic, 0, start));
        Assert.Equal(start == 0 ? "2" : "0", fromEarliest.ConsumeNext().Message.Value);

        using var fromLatest = broker.NewConsumer(
            ConfluentClients.NewGroup(),
            config => (config.AutoOffsetReset, config.EnablePartitionEof) = (AutoOffsetReset.Latest, true));
        fromLatest.Assign(new TopicPartitionOffset(topic, 0, start));
        var end = fromLatest.ConsumeNext();
        Assert.Equal((true, 5), (end.IsPartitionEOF, end.Offset.Value));

        using var refusing = broker.NewConsumer(ConfluentClients.NewGroup(), config => config.AutoOffsetReset = AutoOffsetReset.Error);
        refusing.Assign(new TopicPartitionOffset(topic, 0, start));
        Assert.Equal(ErrorCode.Local_AutoOffsetReset, Assert.Throws<ConsumeException>(refusing.ConsumeNext).Error.Code);
    }

    [Theory, OnEveryBroker(-1L, 0L, 1L, 2L, 3L, 4L, 1_000_000L)]
    public async Task Only_offsets_from_the_log_s_start_to_its_end_can_be_fetched(BrokerKind kind, long offset)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await WriteMinutesAsync(broker, 3);
        await broker.Admin.DeleteRecordsAsync([new(topic, 0, 1)]);
        using var wire = await WireConnection.OpenAsync(broker);

        var fetched = await wire.FetchAsync(topic, offset);

        Assert.Equal(offset is >= 1 and <= 3 ? ErrorCode.NoError : ErrorCode.OffsetOutOfRange, fetched.Error);
        if (fetched.Error == ErrorCode.NoError)
        {
            Assert.Equal((1, 3), (fetched.LogStart, fetched.HighWatermark));
        }
    }

    [Theory, OnEveryBroker]
    public async Task A_record_arrives_however_little_the_consumer_wants_at_once(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var large = new string('x', 500_000);
        await broker.ProduceAsync(topic, large, "small");

        var read = broker.ReadAll(topic, config => (config.MaxPartitionFetchBytes, config.FetchMaxBytes, config.MessageMaxBytes) = (1000, 1000, 1000));

        Assert.Equal([large, "small"], read.ConvertAll(record => record.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task A_waiting_fetch_is_answered_as_soon_as_a_record_is_there(BrokerKind kind)
    {
        const int MaxWaitMs = 20_000;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var reader = await WireConnection.OpenAsync(broker);
        using var writer = await WireConnection.OpenAsync(broker);
        var started = TimeProvider.System.GetTimestamp();
        var fetch = reader.FetchAsync(topic, 0, MaxWaitMs);

        await writer.ProduceAsync(topic, new RecordBatch("value").ToBytes());
        var fetched = await fetch;

        Assert.Equal(new RecordBatch("value").ToBytes().Length, fetched.Records.Length);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 0, MaxWaitMs / 2);
    }

    [Theory, OnEveryBroker]
    public async Task A_fetch_without_records_is_answered_when_its_time_is_over(BrokerKind kind)
    {
        const int MaxWaitMs = 300;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var started = TimeProvider.System.GetTimestamp();

        var fetched = await wire.FetchAsync(topic, 0, MaxWaitMs);

        Assert.Equal((ErrorCode.NoError, 0), (fetched.Error, fetched.Records.Length));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, MaxWaitMs - 20, 20_000);
    }

    [Theory, OnEveryBroker]
    public async Task Answers_come_in_the_order_of_the_requests(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);

        List<int> asked = [await wire.TellAsync(ApiKey.Fetch, 11, Requests.Fetch(topic, 0, maxWaitMs: 300, maxBytes: 1000))];
        for (var number = 0; number < 20; number++)
        {
            asked.Add(await wire.TellAsync(ApiKey.Produce, 7, Requests.Produce(topic, new RecordBatch($"{number}").ToBytes())));
            asked.Add(await wire.TellAsync(ApiKey.ApiVersions, 0, new RequestWriter()));
        }

        var answered = new List<int>();
        while (answered.Count < asked.Count)
        {
            answered.Add((await wire.ReceiveAsync())!.Int32());
        }

        Assert.Equal(asked, answered);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), broker.ReadAll(topic).Select(record => record.Message.Value));
    }

    /// <summary>Writes the numbers from 0, a minute apart from each other.</summary>
    private static async Task<string> WriteMinutesAsync(BrokerUnderTest broker, int count, Action<ProducerConfig>? configure = null)
    {
        var topic = await broker.CreateTopicAsync();
        using var producer = broker.NewProducer(configure);
        for (var minute = 0; minute < count; minute++)
        {
            producer.Produce(topic, new() { Value = $"{minute}", Timestamp = new((Start + TimeSpan.FromMinutes(minute)).UtcDateTime) });
        }

        producer.Flush(TestContext.Current.CancellationToken);
        return topic;
    }
}
