using Confluent.Kafka;
using CrmMail.Processor.Consuming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CrmMail.UnitTests.Processor.Consuming;

public sealed class ConsumeThreadTests : IDisposable
{
    private readonly ConsumerDouble _kafka = ConsumerDouble.Create();
    private readonly PipelineDouble _pipeline = new();
    private readonly Lifetime _lifetime = new();
    private readonly Assignments _assignments;
    private readonly ConsumeThread _thread;

    public ConsumeThreadTests()
    {
        _assignments = new Assignments(
            () => _pipeline, Options.Create(new ConsumerOptions { BatchDelay = TimeSpan.Zero }), TimeProvider.System, NullLogger<Assignments>.Instance);
        _thread = new ConsumeThread(_kafka.Consumer, _assignments, _lifetime, TimeProvider.System, NullLogger<ConsumeThread>.Instance);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownTopicOrPart)]
    [InlineData(ErrorCode.Local_AllBrokersDown)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    public async Task An_error_that_may_pass_is_outlived(ErrorCode code)
    {
        _kafka.Answers.Enqueue(() => throw new ConsumeException(new ConsumeResult<byte[], byte[]>(), new Error(code)));
        Assign();
        Answer(ConsumerDouble.Record(10));
        await _thread.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10, Assert.Single(await _pipeline.NextBatchAsync()));
        _pipeline.EndBatch();
        await _thread.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(_thread.HasFailed);
        Assert.Equal(["subscribe", "store 11", "close"], _kafka.Calls);
    }

    [Fact]
    public async Task A_fatal_error_ends_the_service_which_stores_its_work_and_leaves_the_group()
    {
        Assign();
        Answer(ConsumerDouble.Record(10));
        await _thread.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10, Assert.Single(await _pipeline.NextBatchAsync()));
        _kafka.Answers.Enqueue(() => throw new ConsumeException(new ConsumeResult<byte[], byte[]>(), new Error(ErrorCode.Local_Fatal, "", isFatal: true)));
        _pipeline.EndBatch();
        await _lifetime.Stopped;
        await _thread.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(_thread.HasFailed);
        Assert.Equal(["subscribe", "store 11", "close"], _kafka.Calls);
    }

    [Fact]
    public async Task A_worker_that_fails_ends_the_service()
    {
        Assign();
        Answer(ConsumerDouble.Record(10));
        await _thread.StartAsync(TestContext.Current.CancellationToken);

        await _pipeline.NextBatchAsync();
        _pipeline.FailBatch(new InvalidCastException());
        await _lifetime.Stopped;
        await _thread.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(_thread.HasFailed);
        Assert.Equal(["subscribe", "close"], _kafka.Calls);
    }

    [Fact]
    public async Task Offsets_are_stored_also_while_records_never_cease()
    {
        Assign();
        var offset = 0L;
        ConsumeResult<byte[], byte[]>? Endless()
        {
            _kafka.Answers.Enqueue(Endless);
            return ConsumerDouble.Record(offset++);
        }

        _kafka.Answers.Enqueue(Endless);
        await _thread.StartAsync(TestContext.Current.CancellationToken);
        var batch = await _pipeline.NextBatchAsync();
        _pipeline.EndBatch();

        await _pipeline.NextBatchAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_kafka.Calls.Contains($"store {batch[^1] + 1}"))
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }

        var stopped = _thread.StopAsync(TestContext.Current.CancellationToken);
        while (!stopped.IsCompleted)
        {
            _pipeline.EndBatch();
            await often.WaitForNextTickAsync(deadline.Token);
        }

        await stopped;
        Assert.False(_thread.HasFailed);
    }

    public void Dispose()
    {
        _thread.Dispose();
        _lifetime.Dispose();
    }

    /// <summary>As librdkafka does it: inside Consume.</summary>
    private void Assign() => _kafka.Answers.Enqueue(() =>
    {
        _assignments.Assigned([ConsumerDouble.Partition]);
        return null;
    });

    private void Answer(ConsumeResult<byte[], byte[]> record) => _kafka.Answers.Enqueue(() => record);

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopped.TrySetResult();

        public void Dispose() => _stopping.Dispose();
    }
}
