using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Storage;

public sealed class IdempotenceTests
{
    [Fact]
    public void A_batch_that_is_sent_again_gets_its_first_offset_and_is_not_written()
    {
        using var test = new TestLog();
        for (var batch = 0; batch < 5; batch++)
        {
            Assert.Equal(batch * 2, Append(test, sequence: batch * 2, count: 2).BaseOffset);
        }

        for (var batch = 0; batch < 5; batch++)
        {
            Assert.Equal(new AppendResult(ErrorCode.None, batch * 2, -1), Append(test, sequence: batch * 2, count: 2));
        }

        Assert.Equal(10, test.Log.HighWatermark);
    }

    [Fact]
    public void A_batch_is_recognised_after_a_restart_too()
    {
        using var test = new TestLog();
        Append(test, sequence: 0);
        Append(test, sequence: 1);

        test.Reopen();

        Assert.Equal(1, Append(test, sequence: 1).BaseOffset);
        Assert.Equal(2, Append(test, sequence: 2).BaseOffset);
        Assert.Equal(3, test.Log.HighWatermark);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void A_batch_out_of_order_is_refused(int sequence)
    {
        using var test = new TestLog();
        for (var next = 0; next < 2; next++)
        {
            Append(test, next, count: 1);
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(test, sequence, count: 2).Error);
    }

    [Fact]
    public void A_batch_older_than_the_last_five_is_refused()
    {
        using var test = new TestLog();
        for (var sequence = 0; sequence < 6; sequence++)
        {
            Append(test, sequence);
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(test, sequence: 0).Error);
    }

    [Fact]
    public void A_producer_that_is_not_known_may_begin_anywhere()
    {
        using var test = new TestLog();

        Assert.Equal(ErrorCode.None, Append(test, sequence: 77).Error);
        Assert.Equal(ErrorCode.None, Append(test, sequence: 78).Error);
    }

    [Fact]
    public void A_new_epoch_begins_at_zero_and_fences_the_old_one()
    {
        using var test = new TestLog();
        Append(test, sequence: 0);

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(test, sequence: 1, epoch: 1).Error);
        Assert.Equal(ErrorCode.None, Append(test, sequence: 0, epoch: 1).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Append(test, sequence: 1, epoch: 0).Error);
    }

    [Fact]
    public void The_largest_sequence_is_followed_by_zero()
    {
        using var test = new TestLog();
        Append(test, sequence: int.MaxValue - 1, count: 3);

        Assert.Equal(0, Append(test, sequence: int.MaxValue - 1, count: 3).BaseOffset);
        Assert.Equal(3, Append(test, sequence: 1).BaseOffset);
    }

    private static AppendResult Append(TestLog test, int sequence, int count = 1, short epoch = 0) =>
        test.Log.Append(TestBatch.OfProducer(producerId: 7, epoch, sequence, count));
}
