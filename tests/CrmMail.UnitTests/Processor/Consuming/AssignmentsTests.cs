using Confluent.Kafka;
using CrmMail.Processor.Consuming;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CrmMail.UnitTests.Processor.Consuming;

public sealed class AssignmentsTests
{
    private static readonly TopicPartition Partition = ConsumerDouble.Partition;

    private readonly ConsumerDouble _kafka = ConsumerDouble.Create();
    private readonly List<PipelineDouble> _pipelines = [];
    private readonly ConsumerOptions _options = new() { BatchSize = 2, BatchDelay = TimeSpan.Zero, MaxWaitingBytes = 1000 };
    private readonly Assignments _assignments;

    public AssignmentsTests()
    {
        _assignments = new Assignments(
            () =>
            {
                _pipelines.Add(new PipelineDouble());
                return _pipelines[^1];
            },
            Options.Create(_options),
            TimeProvider.System,
            NullLogger<Assignments>.Instance);
    }

    [Fact]
    public async Task An_offset_is_stored_after_its_batch_and_not_before()
    {
        Assign();
        Dispatch(10, 11, 12);
        Assert.Equal(10, (await _pipelines[0].NextBatchAsync())[0]);
        _assignments.Advance(_kafka.Consumer);
        Assert.Empty(_kafka.Calls);

        await EndBatchesUntilAsync(13);

        Assert.Equal("store 13", _kafka.Calls.Last());
        _assignments.Advance(_kafka.Consumer);
        Assert.Single(_kafka.Calls, call => call == "store 13");
    }

    [Fact]
    public async Task A_revoked_partition_ends_its_batch_and_stores_it()
    {
        Assign();
        Dispatch(10);
        await _pipelines[0].NextBatchAsync();
        _pipelines[0].EndBatch();

        Revoke();

        Assert.Equal(["store 11"], _kafka.Calls);
        Assert.Empty(_assignments.Current);
    }

    [Fact]
    public async Task A_batch_that_does_not_end_in_time_stores_nothing_neither_then_nor_late()
    {
        _options.RevokeTimeout = TimeSpan.FromMilliseconds(100);
        Assign();
        _pipelines[0].IsDeaf = true;
        Dispatch(10);
        await _pipelines[0].NextBatchAsync();
        var late = _assignments.Current[0].Value;

        Revoke();
        _pipelines[0].EndBatch();
        await late.RetireAsync();
        _assignments.Advance(_kafka.Consumer);

        Assert.Equal(11, late.NextOffset);
        Assert.Empty(_kafka.Calls);
    }

    [Fact]
    public async Task A_lost_partition_stores_nothing_and_a_later_assignment_knows_nothing_of_it()
    {
        Assign();
        Dispatch(10);
        await _pipelines[0].NextBatchAsync();
        _pipelines[0].EndBatch();
        await _assignments.Current[0].Value.RetireAsync();

        _assignments.Lost([new TopicPartitionOffset(Partition, Offset.Unset)]);
        Assign();
        _assignments.Advance(_kafka.Consumer);

        Assert.Empty(_kafka.Calls);
        Assert.Equal(2, _pipelines.Count);
        Assert.Equal(Offset.Unset.Value, Assert.Single(_assignments.Current).Value.NextOffset);
    }

    [Fact]
    public async Task A_worker_that_fails_is_seen_and_stores_what_it_had_finished()
    {
        Assign();
        Dispatch(10);
        await _pipelines[0].NextBatchAsync();
        _pipelines[0].EndBatch();
        await WaitAsync(() => _assignments.Current[0].Value.NextOffset == 11);
        Dispatch(11);
        await _pipelines[0].NextBatchAsync();
        _pipelines[0].FailBatch(new InvalidCastException("ann@customer.example"));
        await WaitAsync(() => _assignments.Current[0].Value.Failure is not null);

        var seen = Assert.Throws<InvalidOperationException>(() => _assignments.Advance(_kafka.Consumer));

        Assert.Equal("The worker of partition 3 failed: InvalidCastException.", seen.Message);
        Assert.Null(seen.InnerException);
        Assert.Equal(["store 11"], _kafka.Calls);
        _assignments.RetireAll(_kafka.Consumer);
        Assert.Equal(["store 11"], _kafka.Calls);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(2, 500)]
    public async Task A_partition_is_paused_while_too_many_records_or_bytes_wait(int records, int size)
    {
        Assign();
        _assignments.Dispatch(_kafka.Consumer, ConsumerDouble.Record(9));
        await _pipelines[0].NextBatchAsync();

        for (var n = 0; n < records; n++)
        {
            Assert.Empty(_kafka.Calls);
            _assignments.Dispatch(_kafka.Consumer, ConsumerDouble.Record(10 + n, size));
        }

        Assert.Equal(["pause"], _kafka.Calls);
        Assert.True(_assignments.HasPaused);
        await EndBatchesUntilAsync(10 + records);
        Assert.Single(_kafka.Calls, call => call == "resume");
        Assert.False(_assignments.HasPaused);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ErrorCode.Local_State)]
    public async Task A_partition_that_is_resumed_is_sought_where_it_was_and_goes_on_also_where_it_cannot_be(ErrorCode? error)
    {
        _kafka.SeekError = error;
        Assign();
        Dispatch(10, 11, 12, 13, 14, 15);

        await EndBatchesUntilAsync(16);

        Assert.Equal(["pause", "resume", "seek 77"], _kafka.Calls.Where(call => !call.StartsWith("store", StringComparison.Ordinal)));
        Assert.False(_assignments.HasPaused);
    }

    [Fact]
    public async Task A_fatal_error_of_a_seek_ends_the_service()
    {
        _kafka.SeekError = ErrorCode.Local_Fatal;
        Assign();
        Dispatch(10, 11, 12, 13, 14, 15);

        await Assert.ThrowsAsync<KafkaException>(() => EndBatchesUntilAsync(16));
    }

    [Fact]
    public async Task The_lag_counts_what_is_not_committed_and_its_age()
    {
        Assign();
        var worker = _assignments.Current[0].Value;
        _assignments.Advance(_kafka.Consumer);
        Assert.Equal((0, TimeSpan.Zero), (worker.Lag, worker.LagTime));

        Dispatch(10);
        await _pipelines[0].NextBatchAsync();
        Assert.Equal(90, worker.Lag);
        Assert.True(worker.LagTime > TimeSpan.FromDays(1), $"it is {worker.LagTime}");
        worker.Extend(200);
        worker.Extend(150);
        Assert.Equal(190, worker.Lag);

        await EndBatchesUntilAsync(11);
        await WaitAsync(() => worker.LagTime == TimeSpan.Zero);
        Assert.Equal(189, worker.Lag);
    }

    private void Assign() => _assignments.Assigned([Partition]);

    private void Revoke() => _assignments.Revoked(_kafka.Consumer, [new TopicPartitionOffset(Partition, Offset.Unset)]);

    private void Dispatch(params long[] offsets)
    {
        foreach (var offset in offsets)
        {
            _assignments.Dispatch(_kafka.Consumer, ConsumerDouble.Record(offset));
        }
    }

    private Task EndBatchesUntilAsync(long nextOffset) => WaitAsync(() =>
    {
        _pipelines[^1].EndBatch();
        _assignments.Advance(_kafka.Consumer);
        return _assignments.Current[0].Value.StoredOffset == nextOffset;
    });

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }
    }
}
