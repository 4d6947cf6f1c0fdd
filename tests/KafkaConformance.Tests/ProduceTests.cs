using System.Text;
using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>What a producer writes is what a consumer reads.</summary>
public sealed class ProduceTests(SharedBrokers brokers)
{
    [Theory, OnEveryBroker]
    public async Task A_record_comes_back_with_its_key_value_headers_and_time(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var time = new Timestamp(new DateTime(2026, 3, 4, 5, 6, 7, 89, DateTimeKind.Utc));
        using var producer = broker.NewProducer();

        await producer.ProduceAsync(topic, new()
        {
            Key = "amy",
            Value = "Zażółć gęślą jaźń",
            Headers = [new("event-id", "17"u8.ToArray()), new("event-id", "18"u8.ToArray()), new("empty", []), new("none", null)],
            Timestamp = time,
        }, TestContext.Current.CancellationToken);

        var record = Assert.Single(broker.ReadAll(topic)).Message;
        Assert.Equal(("amy", "Zażółć gęślą jaźń"), (record.Key, record.Value));
        Assert.Equal(
            [("event-id", "17"), ("event-id", "18"), ("empty", ""), ("none", null)],
            record.Headers.Select(header => (header.Key, header.GetValueBytes() is { } value ? Encoding.UTF8.GetString(value) : null)));
        Assert.Equal((TimestampType.CreateTime, time.UnixTimestampMs), (record.Timestamp.Type, record.Timestamp.UnixTimestampMs));
    }

    [Theory, OnEveryBroker]
    public async Task No_key_no_value_and_an_empty_one_are_three_things(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        (string? Key, string? Value)[] written = [(null, "value"), ("key", null), (null, null), ("", ""), ("key", "value")];
        using var producer = broker.NewProducer();

        foreach (var (key, value) in written)
        {
            await producer.ProduceAsync(topic, new() { Key = key, Value = value }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(written, broker.ReadAll(topic).Select(record => (record.Message.Key, record.Message.Value)));
    }

    [Theory, OnEveryBroker]
    public async Task The_broker_s_own_time_is_used_where_the_topic_says_so(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(settings: ("message.timestamp.type", "LogAppendTime"));
        using var producer = broker.NewProducer();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var report = await producer.ProduceAsync(topic, new() { Value = "v", Timestamp = new(1_500_000_000_000, TimestampType.CreateTime) }, TestContext.Current.CancellationToken);

        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var stamp = Assert.Single(broker.ReadAll(topic)).Message.Timestamp;
        Assert.Equal(TimestampType.LogAppendTime, stamp.Type);
        Assert.InRange(stamp.UnixTimestampMs, before, after);
        Assert.Equal(stamp.UnixTimestampMs, report.Timestamp.UnixTimestampMs);
    }

    [Theory, OnEveryBroker(CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd)]
    public async Task Every_codec_is_kept_as_it_came(BrokerKind kind, CompressionType codec)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        string[] values = [.. Enumerable.Range(0, 100).Select(number => $"{number} {new string('a', 200)}")];
        using (var producer = broker.NewProducer(config => (config.CompressionType, config.LingerMs) = (codec, 50)))
        {
            foreach (var value in values)
            {
                producer.Produce(topic, new() { Value = value });
            }

            producer.Flush(TestContext.Current.CancellationToken);
        }

        Assert.Equal(values, broker.ReadAll(topic).Select(record => record.Message.Value));
        using var wire = await WireConnection.OpenAsync(broker);
        var (uncompressed, stored) = (values.Sum(value => value.Length), (await wire.FetchAsync(topic, 0)).Records.Length);
        Assert.True(codec == CompressionType.None == stored > uncompressed, $"{values.Length} records of {uncompressed} bytes are {stored} bytes in the log.");
    }

    [Theory, OnEveryBroker(Acks.All, Acks.Leader, Acks.None)]
    public async Task Every_level_of_acknowledgement_writes(BrokerKind kind, Acks acks)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var producer = broker.NewProducer(config => config.Acks = acks);

        for (var number = 0; number < 10; number++)
        {
            var report = await producer.ProduceAsync(topic, new() { Value = $"{number}" }, TestContext.Current.CancellationToken);
            Assert.Equal(acks == Acks.None ? Offset.Unset : number, report.Offset);
        }

        var values = await Eventually.SeesAsync(() => broker.ReadAll(topic).ConvertAll(record => record.Message.Value), seen => seen.Count >= 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), values);
    }

    [Theory, OnEveryBroker]
    public async Task A_topic_that_does_not_exist_takes_no_record(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        using var producer = broker.NewProducer(config => config.TopicMetadataPropagationMaxMs = 100);

        var refused = await Assert.ThrowsAsync<ProduceException<string?, string?>>(() =>
            producer.ProduceAsync("there-is-none", new() { Value = "v" }, TestContext.Current.CancellationToken));

        Assert.True(refused.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic, $"{refused.Error}");
    }

    [Theory, OnEveryBroker]
    public async Task A_batch_may_be_as_large_as_max_message_bytes_and_no_larger(BrokerKind kind)
    {
        const int Limit = 20_000;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(settings: ("max.message.bytes", $"{Limit}"));
        using var wire = await WireConnection.OpenAsync(broker);

        var atLimit = await wire.ProduceAsync(topic, RecordBatch.OfSize(Limit).ToBytes());
        var overLimit = await wire.ProduceAsync(topic, RecordBatch.OfSize(Limit + 1).ToBytes());

        Assert.Equal((ErrorCode.NoError, ErrorCode.MsgSizeTooLarge), (atLimit.Error, overLimit.Error));
        Assert.Single(broker.ReadAll(topic));
    }

    [Theory, OnEveryBroker]
    public async Task A_mebibyte_with_its_framing_is_the_default_limit(BrokerKind kind)
    {
        const int Limit = 1_048_588;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);

        var atLimit = await wire.ProduceAsync(topic, RecordBatch.OfSize(Limit).ToBytes());
        var overLimit = await wire.ProduceAsync(topic, RecordBatch.OfSize(Limit + 1).ToBytes());

        Assert.Equal((ErrorCode.NoError, ErrorCode.MsgSizeTooLarge), (atLimit.Error, overLimit.Error));
        Assert.Equal(Limit, (await wire.FetchAsync(topic, 0, maxBytes: 1)).Records.Length);
    }

    [Theory, OnEveryBroker]
    public async Task A_batch_that_was_damaged_on_its_way_is_refused(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var damaged = new RecordBatch("value").ToBytes();
        damaged[^2] ^= 1;

        var refused = await wire.ProduceAsync(topic, damaged);
        var accepted = await wire.ProduceAsync(topic, new RecordBatch("value").ToBytes());

        Assert.Equal(ErrorCode.InvalidMsg, refused.Error);
        Assert.Equal((ErrorCode.NoError, 0), (accepted.Error, accepted.BaseOffset));
    }
}
