using System.Buffers.Binary;
using System.Text;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Storage;

public sealed class BatchTests
{
    [Fact]
    public void The_checksum_is_that_of_RFC_3720() => Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void A_place_in_the_log_leaves_the_checksum_right()
    {
        var batch = TestBatch.OfCount(3);

        BatchHeader.Place(batch, 42, 0);

        Assert.Equal((42, 45), (BatchHeader.Read(batch).BaseOffset, BatchHeader.Read(batch).NextOffset));
        Assert.Equal(BatchHeader.Read(batch).Crc, BatchHeader.ComputeCrc(batch));
    }

    [Fact]
    public void A_batch_with_any_byte_changed_is_refused()
    {
        using var test = new TestLog();
        var good = TestBatch.OfCount(3);
        for (var i = 0; i < good.Length; i++)
        {
            // The first eight bytes are the offset and the four after the length are the epoch: the broker writes those.
            if (i is >= 8 and not (>= 12 and < 16))
            {
                var bad = good.ToArray();
                bad[i] ^= 0x10;
                Assert.True(test.Log.Append(bad).Error is not ErrorCode.None, $"byte {i}");
            }
        }

        Assert.Equal(0, test.Log.HighWatermark);
    }

    [Fact]
    public void A_batch_that_is_cut_anywhere_is_refused()
    {
        using var test = new TestLog();
        var good = TestBatch.OfCount(3);
        for (var length = 0; length < good.Length; length++)
        {
            Assert.True(test.Log.Append(good.AsSpan(0, length)).Error is not ErrorCode.None, $"length {length}");
        }

        Assert.Equal(ErrorCode.None, test.Log.Append(good).Error);
    }

    public static TheoryData<string, int, byte, int> Impossible { get; } = new()
    {
        { "magic 1", 16, 1, (int)ErrorCode.UnsupportedForMessageFormat },
        { "compression 5", 22, 5, (int)ErrorCode.InvalidRecord },
        { "transactional", 22, 0x10, (int)ErrorCode.InvalidTransactionState },
        { "control", 22, 0x20, (int)ErrorCode.InvalidRecord },
        { "last offset delta 4 of 3 records", 26, 4, (int)ErrorCode.InvalidRecord },
        { "4 records, of which 3 are there", 60, 4, (int)ErrorCode.InvalidRecord },
        { "offset delta 5 of the first record", 64, 10, (int)ErrorCode.InvalidRecord },
        { "key longer than the record", 65, 120, (int)ErrorCode.InvalidRecord },
        { "without a producer's sequence", 50, 1, (int)ErrorCode.InvalidRecord },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_batch_that_contradicts_itself_is_refused_with_a_right_checksum_too(string what, int at, byte value, int error)
    {
        using var test = new TestLog();
        var batch = TestBatch.OfCount(3);
        if (what.StartsWith("without", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), 0);
        }

        batch[at] = value;
        TestBatch.Seal(batch);

        Assert.Equal((ErrorCode)error, test.Log.Append(batch).Error);
    }

    [Fact]
    public void Two_batches_at_once_are_refused()
    {
        using var test = new TestLog();

        Assert.Equal(ErrorCode.InvalidRecord, test.Log.Append((byte[])[.. TestBatch.OfCount(1), .. TestBatch.OfCount(1)]).Error);
    }

    [Fact]
    public void The_settings_limit_the_size_and_the_time_of_a_batch()
    {
        using var test = new TestLog(("max.message.bytes", "100"), ("message.timestamp.before.max.ms", "999500"), ("message.timestamp.after.max.ms", "500"));

        Assert.Equal(ErrorCode.MessageTooLarge, test.Log.Append(TestBatch.OfCount(1, valueSize: 100)).Error);
        Assert.Equal(ErrorCode.InvalidTimestamp, test.Log.Append(TestBatch.Create([499])).Error);
        Assert.Equal(ErrorCode.InvalidTimestamp, test.Log.Append(TestBatch.Create([1_000_501])).Error);
        Assert.Equal(ErrorCode.None, test.Log.Append(TestBatch.Create([500])).Error);
        Assert.Equal(ErrorCode.None, test.Log.Append(TestBatch.Create([1_000_500])).Error);
    }
}
