using KafkaBroker.Apis;
using KafkaBroker.Protocol;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Server;

/// <summary>Frames that no client sends. The seed is fixed, so that a failure comes again; the message names the frame.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_126;
    private const string Topic = "topic";
    private const string Group = "group";

    [Fact]
    public async Task Two_hundred_thousand_broken_requests_are_answered_or_refused()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Port);
        await connection.AskAsync(RequestFrame.CreateTopic(Topic));
        var frames = RequestFrame.All(Topic, Group).ToArray();
        var random = new Random(Seed);
        // Nobody waits for the answers: requests that would wait for records are answered at once.
        var caller = new Caller("/127.0.0.1", new CancellationToken(canceled: true));
        int answered = 0, refused = 0;

        for (var i = 0; i < 200_000; i++)
        {
            var frame = Break(frames[random.Next(frames.Length)], random);
            try
            {
                var answer = broker.Apis.AnswerAsync(frame.ToArray(), caller);
                answered++;
                if (answer.IsCompleted)
                {
                    (await answer)?.Dispose();
                }
            }
            catch (MalformedRequestException)
            {
                refused++;
            }
            catch (OperationCanceledException)
            {
                // It would have waited for other consumers.
            }
            catch (Exception exception)
            {
                Assert.Fail($"Frame {i}, {Convert.ToHexString(frame)}: {exception}");
            }
        }

        // Both happen a lot, or the frames are not what they are meant to be.
        Assert.InRange(answered, 20_000, 180_000);
        Assert.InRange(refused, 20_000, 180_000);
        await AssertWorksAsync(broker);
    }

    [Fact]
    public async Task Connections_that_send_rubbish_leave_the_broker_as_it_was()
    {
        await using var broker = await RunningBroker.StartAsync();
        using (var connection = await RawConnection.OpenAsync(broker.Port))
        {
            await connection.AskAsync(RequestFrame.CreateTopic(Topic));
        }

        var frames = RequestFrame.All(Topic, Group).ToArray();
        var random = new Random(Seed);
        for (var i = 0; i < 2_000; i++)
        {
            using var connection = await RawConnection.OpenAsync(broker.Port);
            var rubbish = new byte[random.Next(200)];
            random.NextBytes(rubbish);
            try
            {
                await connection.SendAsync(Break(frames[random.Next(frames.Length)], random));
                await connection.SendBytesAsync(rubbish);
            }
            catch (IOException)
            {
                // The broker was faster in ending it.
            }
        }

        await AssertWorksAsync(broker);
    }

    // Cut, overwritten in a few places, or random all over.
    private static byte[] Break(byte[] frame, Random random)
    {
        var broken = frame.ToArray();
        switch (random.Next(4))
        {
            case 0:
                return broken[..random.Next(broken.Length)];
            case 1:
                random.NextBytes(broken.AsSpan(random.Next(broken.Length)));
                return broken;
            case 2:
                // A length that is too large, negative or null, wherever it may be read.
                byte[] length = random.Next(3) switch { 0 => [0x7f, 0xff, 0xff, 0xff], 1 => [0xff, 0xff, 0xff, 0xff], _ => [0x80, 0, 0, 0] };
                length.CopyTo(broken.AsSpan(random.Next(8, broken.Length - length.Length + 1)));
                return broken;
            default:
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                {
                    broken[random.Next(4, broken.Length)] = (byte)random.Next(256);
                }

                return broken;
        }
    }

    private static async Task AssertWorksAsync(RunningBroker broker)
    {
        using var connection = await RawConnection.OpenAsync(broker.Port);
        await connection.AskAsync(RequestFrame.CreateTopic("after"));
        var produced = await connection.AskAsync(RequestFrame.Produce(3, "after", TestBatch.OfCount(3, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())));
        // Correlation id, one topic, its name, one partition, its number, no error.
        Assert.Equal([0, 0, 0, 7, 0, 0, 0, 1, 0, 5, .. "after"u8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], produced![..25]);
    }
}
