using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Storage;

public sealed class PartitionLogTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public void Batches_get_offsets_that_follow_each_other()
    {
        using var test = new TestLog();

        Assert.Equal(0, test.Log.Append(TestBatch.OfCount(3)).BaseOffset);
        Assert.Equal(3, test.Log.Append(TestBatch.OfCount(2)).BaseOffset);

        Assert.Equal(5, test.Log.HighWatermark);
        Assert.Equal([0, 3], test.ReadBaseOffsets());
    }

    [Fact]
    public void Everything_is_there_after_a_restart()
    {
        using var test = new TestLog();
        AppendMany(test, 50);

        test.Reopen();

        Assert.Equal(50, test.Log.HighWatermark);
        Assert.Equal(50, test.ReadBaseOffsets().Count);
        Assert.Equal(50, test.Log.Append(TestBatch.OfCount(1)).BaseOffset);
    }

    [Fact]
    public void A_torn_tail_is_cut_at_the_last_whole_batch_wherever_it_is_torn()
    {
        var last = TestBatch.OfCount(2).Length;
        for (var kept = 0; kept < last; kept++)
        {
            using var test = new TestLog();
            test.Log.Append(TestBatch.OfCount(3));
            test.Log.Append(TestBatch.OfCount(2));

            test.Reopen(() => Cut(test.Segments[^1], last - kept));

            Assert.Equal([0], test.ReadBaseOffsets());
            Assert.Equal(3, test.Log.Append(TestBatch.OfCount(1)).BaseOffset);
            Assert.Equal([0, 3], test.ReadBaseOffsets());
        }
    }

    [Fact]
    public void A_tail_of_the_right_length_and_wrong_content_is_cut()
    {
        using var test = new TestLog();
        test.Log.Append(TestBatch.OfCount(3));
        test.Log.Append(TestBatch.OfCount(2));

        test.Reopen(() => Flip(test.Segments[^1], fromEnd: 1));

        Assert.Equal([0], test.ReadBaseOffsets());
    }

    [Fact]
    public void What_follows_a_hole_is_deleted()
    {
        using var test = new TestLog(("segment.bytes", $"{Mebibyte}"));
        AppendUntilSegments(test, 3);
        var second = test.Segments[1];

        test.Reopen(() => Cut(second, 1));

        Assert.Equal(2, test.Segments.Length);
        var offsets = test.ReadBaseOffsets();
        Assert.Equal(Enumerable.Range(0, offsets.Count).Select(offset => (long)offset), offsets);
        Assert.Equal(offsets.Count, test.Log.HighWatermark);
    }

    [Fact]
    public void A_read_returns_whole_batches_within_the_limit_and_at_least_one_when_asked()
    {
        using var test = new TestLog();
        var size = TestBatch.OfCount(1).Length;
        AppendMany(test, 2000);

        using var one = test.Log.Read(1000, maxBytes: 1, atLeastOne: true).Records;
        using var none = test.Log.Read(1000, maxBytes: 1, atLeastOne: false).Records;
        using var some = test.Log.Read(10, maxBytes: 20_000, atLeastOne: true).Records;
        using var all = test.Log.Read(0, maxBytes: int.MaxValue, atLeastOne: true).Records;

        Assert.Equal(size, one.Length);
        Assert.Equal(0, none.Length);
        Assert.InRange(some.Length, 20_000 - (2 * SegmentIndex.Interval), 20_000);
        Assert.Equal(0, some.Length % size);
        Assert.Equal(2000 * size, all.Length);
    }

    [Fact]
    public void A_read_from_within_a_batch_returns_the_whole_of_it()
    {
        using var test = new TestLog();
        test.Log.Append(TestBatch.OfCount(10));

        Assert.Equal(0, test.ReadBatch(7)!.Value.BaseOffset);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_read_outside_of_the_log_is_out_of_range(long offset)
    {
        using var test = new TestLog();
        test.Log.Append(TestBatch.OfCount(3));

        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(offset, 1000, atLeastOne: true).Error);
    }

    [Fact]
    public void Deleted_records_stay_deleted_and_their_segments_go()
    {
        using var test = new TestLog(("segment.bytes", $"{Mebibyte}"));
        AppendUntilSegments(test, 3);
        var start = test.Log.HighWatermark - 1;

        Assert.Equal(start, test.Log.DeleteRecords(start));
        Assert.Null(test.Log.DeleteRecords(start + 2));
        Assert.Equal(2, test.Log.ApplyRetention());
        test.Reopen();

        Assert.Equal(start, test.Log.LogStart);
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(start - 1, 1000, atLeastOne: true).Error);
        Assert.Equal([start], test.ReadBaseOffsets(start));
    }

    [Fact]
    public void All_records_can_be_deleted_and_the_offsets_go_on()
    {
        using var test = new TestLog();
        AppendMany(test, 5);

        test.Log.DeleteRecords(null);
        test.Log.ApplyRetention();
        test.Reopen();

        Assert.Equal((5, 5), (test.Log.LogStart, test.Log.HighWatermark));
        Assert.Equal(5, test.Log.Append(TestBatch.OfCount(1)).BaseOffset);
    }

    [Fact]
    public void Segments_older_than_the_retention_go_the_last_one_included()
    {
        using var test = new TestLog(("segment.bytes", $"{Mebibyte}"), ("retention.ms", "5000"));
        AppendUntilSegments(test, 3);
        var end = test.Log.HighWatermark;

        test.Time.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));
        Assert.Equal(3, test.Log.ApplyRetention());

        Assert.Equal((end, end), (test.Log.LogStart, test.Log.HighWatermark));
    }

    [Fact]
    public void No_more_than_the_retention_in_bytes_and_a_segment_is_kept()
    {
        using var test = new TestLog(("segment.bytes", $"{Mebibyte}"), ("retention.ms", "-1"), ("retention.bytes", $"{2 * Mebibyte}"));
        AppendUntilSegments(test, 6);

        test.Log.ApplyRetention();

        Assert.InRange(test.Segments.Sum(path => new FileInfo(path).Length), 2 * Mebibyte, 3 * Mebibyte);
        Assert.True(test.Log.LogStart > 0);
        Assert.Equal(test.Log.LogStart, test.ReadBaseOffsets(test.Log.LogStart)[0]);
    }

    [Fact]
    public void A_segment_that_is_deleted_can_still_be_read_by_who_began_to()
    {
        using var test = new TestLog();
        test.Log.Append(TestBatch.OfCount(3));
        using var records = test.Log.Read(0, 1000, atLeastOne: true).Records;

        test.Log.DeleteRecords(null);
        Assert.Equal(1, test.Log.ApplyRetention());

        var bytes = new byte[records.Length];
        records.Read(0, bytes);
        Assert.Equal(3, BatchHeader.Read(bytes).Count);
    }

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Lz4)]
    [InlineData(Compression.Zstd)]
    internal void The_first_record_of_a_time_is_found_within_a_batch(Compression compression)
    {
        using var test = new TestLog();
        test.Log.Append(TestBatch.Create([100, 200, 300], compression));
        test.Log.Append(TestBatch.Create([250, 400, 500], compression));

        Assert.Equal((0, 100), test.Log.FindTimestamp(0));
        Assert.Equal((1, 200), test.Log.FindTimestamp(101));
        Assert.Equal((2, 300), test.Log.FindTimestamp(300));
        Assert.Equal((4, 400), test.Log.FindTimestamp(301));
        Assert.Null(test.Log.FindTimestamp(501));
        test.Log.DeleteRecords(2);
        Assert.Equal((2, 300), test.Log.FindTimestamp(0));
    }

    [Fact]
    public void A_time_is_found_among_many_batches_also_after_a_restart()
    {
        using var test = new TestLog();
        for (var time = 0; time < 3000; time++)
        {
            test.Log.Append(TestBatch.Create([time * 10]));
        }

        test.Reopen();

        Assert.Equal((1234, 12_340), test.Log.FindTimestamp(12_335));
    }

    [Fact]
    public void A_log_can_put_its_own_time_on_records()
    {
        using var test = new TestLog(("message.timestamp.type", "LogAppendTime"));

        Assert.Equal(1_000_000, test.Log.Append(TestBatch.Create([1, 2])).AppendTime);

        Assert.Equal(1_000_000, test.ReadBatch(0)!.Value.MaxTimestamp);
        Assert.Equal((0, 1_000_000), test.Log.FindTimestamp(3));
    }

    [Fact]
    public void Who_waits_is_woken_by_an_append()
    {
        using var test = new TestLog();
        var signal = new AppendSignal();
        test.Log.Watch(signal);
        Assert.False(signal.Woken.IsCompleted);

        test.Log.Append(TestBatch.OfCount(1));

        Assert.True(signal.Woken.IsCompleted);
    }

    private static void AppendMany(TestLog test, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(ErrorCode.None, test.Log.Append(TestBatch.OfCount(1)).Error);
        }
    }

    private static void AppendUntilSegments(TestLog test, int count)
    {
        while (test.Segments.Length < count)
        {
            Assert.Equal(ErrorCode.None, test.Log.Append(TestBatch.OfCount(1, valueSize: 100_000)).Error);
        }
    }

    private static void Cut(string path, int bytes)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - bytes);
    }

    private static void Flip(string path, int fromEnd)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^fromEnd] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
