using System.Buffers.Binary;
using KafkaBroker.Protocol;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Server;

public sealed class FrameTests
{
    private const string Topic = "topic";
    private const string Group = "group";
    private const int CorrelationIdAt = 4;

    public static TheoryData<string, byte[]> Malformed { get; } = new()
    {
        { "an unknown request", RequestFrame.Header(999, 0) },
        { "a request for other brokers", RequestFrame.Header(6, 0) },
        { "a version that does not exist", RequestFrame.Header(0, 99) },
        { "a negative version", RequestFrame.Header(3, -1) },
        { "a version after the last one served", RequestFrame.Header(1, 12) },
        { "a request that ends too early", RequestFrame.Metadata(Topic)[..^1] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_request_ends_its_connection_and_no_other(string what, byte[] frame)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var other = await RawConnection.OpenAsync(broker.Port);
        using var connection = await RawConnection.OpenAsync(broker.Port);

        Assert.True(await connection.AskAsync(frame) is null, what);
        Assert.NotNull(await other.AskAsync(RequestFrame.Metadata()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(100 * 1024 * 1024 + 1)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_of_an_impossible_length_ends_its_connection(int length)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        var bytes = new byte[20];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await connection.SendBytesAsync(bytes);

        Assert.Null(await connection.ReceiveAsync());
    }

    [Fact]
    public async Task Only_records_may_come_in_frames_of_more_than_4_MiB()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);

        await connection.SendBytesAsync([0x00, 0x40, 0x00, 0x01, 0, (byte)ApiKey.Metadata, 0, 0]);

        Assert.Null(await connection.ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_is_too_new_is_told_so_in_version_0()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);

        var answer = await connection.AskAsync(RequestFrame.Header((short)ApiKey.ApiVersions, 4));

        Assert.Equal([0, 0, 0, 7, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 3], answer!);
    }

    [Fact]
    public async Task Every_request_in_every_version_is_answered()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        await connection.AskAsync(RequestFrame.CreateTopic(Topic));

        foreach (var frame in RequestFrame.All(Topic, Group))
        {
            // A second member waits for the first one to rejoin, for as long as its session lasts.
            if ((ApiKey)frame[1] == ApiKey.JoinGroup && frame[3] > 0)
            {
                continue;
            }

            var answer = await connection.AskAsync(frame);
            Assert.True(answer is not null, $"{(ApiKey)frame[1]} {frame[3]}");
            Assert.Equal(7, BinaryPrimitives.ReadInt32BigEndian(answer));
        }
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_requests_also_while_one_waits()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        await connection.AskAsync(RequestFrame.CreateTopic(Topic));
        byte[][] frames = [RequestFrame.Fetch(4, Topic, maxWait: 200), RequestFrame.Metadata(), RequestFrame.Fetch(4, Topic, maxWait: 100), RequestFrame.Metadata()];

        for (var i = 0; i < frames.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(frames[i].AsSpan(CorrelationIdAt), i);
            await connection.SendAsync(frames[i]);
        }

        for (var i = 0; i < frames.Length; i++)
        {
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(await connection.ReceiveAsync()));
        }
    }

    [Fact]
    public async Task A_frame_may_come_byte_by_byte_and_many_at_once()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        var frame = RequestFrame.Metadata();
        byte[] bytes = [0, 0, 0, (byte)frame.Length, .. frame];

        foreach (var value in bytes)
        {
            await connection.SendBytesAsync([value]);
        }

        Assert.NotNull(await connection.ReceiveAsync());
        await connection.SendBytesAsync([.. Enumerable.Repeat(bytes, 1000).SelectMany(each => each)]);
        for (var i = 0; i < 1000; i++)
        {
            Assert.NotNull(await connection.ReceiveAsync());
        }
    }

    [Fact]
    public async Task Without_acks_nothing_is_answered_and_the_records_are_there()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        await connection.AskAsync(RequestFrame.CreateTopic(Topic));

        await connection.SendAsync(RequestFrame.Produce(7, Topic, TestBatch.OfCount(3, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), acks: 0));
        var answer = await connection.AskAsync(RequestFrame.Fetch(4, Topic));

        Assert.True(answer!.Length > TestBatch.OfCount(3).Length, $"{answer.Length} bytes");
    }
}
