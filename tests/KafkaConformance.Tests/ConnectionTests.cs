using System.Buffers.Binary;
using System.Net.Sockets;
using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>Many connections, and broken ones, disturb nobody else.</summary>
public sealed class ConnectionTests(SharedBrokers brokers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    [Theory, OnEveryBroker]
    public async Task Two_hundred_connections_write_and_read_at_once(BrokerKind kind)
    {
        const int Connections = 200;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var open = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => WireConnection.OpenAsync(broker)));
        try
        {
            var written = await Task.WhenAll(open.Select((wire, number) => wire.ProduceAsync(topic, new RecordBatch($"{number}").ToBytes())));
            Assert.Equal(Enumerable.Range(0, Connections).Select(offset => new Produced(ErrorCode.NoError, offset)), written.OrderBy(each => each.BaseOffset));

            var read = await Task.WhenAll(open.Select(wire => wire.FetchAsync(topic, 0)));
            Assert.All(read, fetched => Assert.Equal((Connections, read[0].Records.Length), (fetched.HighWatermark, fetched.Records.Length)));
        }
        finally
        {
            Array.ForEach(open, wire => wire.Dispose());
        }

        Assert.Equal(
            Enumerable.Range(0, Connections).Select(number => $"{number}").Order(StringComparer.Ordinal),
            broker.ReadAll(topic).Select(record => record.Message.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [OnEveryBroker("unknown request", "unknown version", "negative length", "huge length", "no header", "half a header", "client id beyond the frame", "an array of two thousand million")]
    public async Task A_frame_that_makes_no_sense_ends_its_connection_and_no_other(BrokerKind kind, string mistake)
    {
        var broker = await brokers.GetAsync(kind);
        using var bystander = await WireConnection.OpenAsync(broker);
        using var wire = await WireConnection.OpenAsync(broker);

        await wire.SendAsync(mistake switch
        {
            "unknown request" => WireConnection.Frame((ApiKey)999, 0, 1, []),
            "unknown version" => WireConnection.Frame(ApiKey.Metadata, 999, 1, [0, 0, 0, 0]),
            "negative length" => new RequestWriter().Int32(-1).Written.ToArray(),
            "huge length" => new RequestWriter().Int32(int.MaxValue).Written.ToArray(),
            "no header" => new RequestWriter().Int32(0).Written.ToArray(),
            "half a header" => new RequestWriter().Int32(5).Int16(3).Int16(1).Int8(0).Written.ToArray(),
            "client id beyond the frame" => new RequestWriter().Int32(10).Int16(3).Int16(1).Int32(1).Int16(30_000).Written.ToArray(),
            _ => WireConnection.Frame(ApiKey.Metadata, 1, 1, new RequestWriter().Int32(2_000_000_000).Written),
        });

        Assert.Null(await wire.ReceiveAsync());
        Assert.Equal(ErrorCode.NoError, (ErrorCode)(await bystander.AskAsync(ApiKey.ApiVersions, 0, new())).Int16());
    }

    [Theory, OnEveryBroker]
    public async Task Thousands_of_broken_frames_leave_a_healthy_client_alone(BrokerKind kind)
    {
        const int Frames = 4000;
        const int Senders = 8;
        var broker = await brokers.GetAsync(kind);
        var (healthy, target) = (await broker.CreateTopicAsync(), await broker.CreateTopicAsync());
        using var stop = new CancellationTokenSource();
        var written = WriteAsync(broker, healthy, stop.Token);

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => SendBrokenAsync(broker, new(4711 + sender), Frames / Senders, target)));
        await stop.CancelAsync();

        var count = await written;
        Assert.True(broker.IsRunning, broker.Console);
        Assert.Equal(Enumerable.Range(0, count).Select(number => $"{number}"), broker.ReadAll(healthy).Select(record => record.Message.Value));
    }

    /// <summary>Writes and fetches on one connection, which must not be cut.</summary>
    private static async Task<int> WriteAsync(BrokerUnderTest broker, string topic, CancellationToken cancellationToken)
    {
        using var wire = await WireConnection.OpenAsync(broker);
        var number = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            Assert.Equal(new Produced(ErrorCode.NoError, number), await wire.ProduceAsync(topic, new RecordBatch($"{number}").ToBytes()));
            Assert.Equal(number + 1, (await wire.FetchAsync(topic, number)).HighWatermark);
            number++;
        }

        return number;
    }

    private static async Task SendBrokenAsync(BrokerUnderTest broker, Random random, int frames, string topic)
    {
        const int FramesPerConnection = 10;
        for (var sent = 0; sent < frames; sent += FramesPerConnection)
        {
            using var wire = await WireConnection.OpenAsync(broker);
            try
            {
                for (var frame = 0; frame < FramesPerConnection; frame++)
                {
                    await wire.SendAsync(Break(WholeFrame(random, topic), random));
                }

                await wire.DrainAsync(Patience);
            }
            catch (SocketException)
            {
                // The broker has had enough of this connection, as it should.
            }
        }
    }

    private static byte[] WholeFrame(Random random, string topic) => random.Next(8) switch
    {
        0 => WireConnection.Frame(ApiKey.Produce, 7, 1, Requests.Produce(topic, new RecordBatch("a", "b").ToBytes()).Written),
        1 => WireConnection.Frame(ApiKey.Fetch, 11, 1, Requests.Fetch(topic, 0, maxWaitMs: 1, maxBytes: 1000).Written),
        2 => WireConnection.Frame(ApiKey.Metadata, 8, 1, new RequestWriter().Int32(1).Text(topic).Int8(0).Int8(0).Int8(0).Written),
        3 => WireConnection.Frame(ApiKey.ListOffsets, 5, 1, new RequestWriter().Int32(-1).Int8(0).Int32(1).Text(topic).Int32(1).Int32(0).Int32(-1).Int64(-1).Written),
        4 => WireConnection.Frame(ApiKey.OffsetFetch, 5, 1, new RequestWriter().Text("broken").Int32(1).Text(topic).Int32(1).Int32(0).Written),
        5 => WireConnection.Frame(ApiKey.JoinGroup, 5, 1, new RequestWriter().Text("broken").Int32(1000).Int32(1000).Text("").Text(null).Text("consumer").Int32(1).Text("range").Bytes([0, 0]).Written),
        6 => WireConnection.Frame(ApiKey.Heartbeat, 3, 1, new RequestWriter().Text("broken").Int32(1).Text("member").Text(null).Written),
        _ => WireConnection.Frame(ApiKey.ApiVersions, 3, 1, [5, .. "test"u8, 4, .. "1.0"u8, 0], headerVersion: 2),
    };

    /// <summary>Changes bytes, cuts the frame, or lies about its length; the key stays, so that no other request comes about.</summary>
    private static byte[] Break(byte[] frame, Random random)
    {
        const int BehindKey = 6;
        switch (random.Next(4))
        {
            case 0:
                for (var changes = random.Next(1, 5); changes > 0; changes--)
                {
                    frame[random.Next(BehindKey, frame.Length)] = (byte)random.Next(256);
                }

                return frame;
            case 1:
                var whole = frame[..random.Next(BehindKey, frame.Length)];
                BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - sizeof(int));
                return whole;
            case 2:
                BinaryPrimitives.WriteInt32BigEndian(frame, random.Next(-10, 2 * frame.Length));
                return frame;
            default:
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(random.Next(BehindKey, frame.Length - sizeof(int))), random.Next(2) == 0 ? -random.Next(2, 1000) : int.MaxValue - random.Next(1000));
                return frame;
        }
    }
}
