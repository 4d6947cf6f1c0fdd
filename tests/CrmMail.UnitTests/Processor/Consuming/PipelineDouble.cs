using System.Threading.Channels;
using Confluent.Kafka;
using CrmMail.Processor.Batches;

namespace CrmMail.UnitTests.Processor.Consuming;

/// <summary>A pipeline whose batches end when, and as, the test says.</summary>
internal sealed class PipelineDouble : IBatchPipeline
{
    private readonly Channel<List<long>> _started = Channel.CreateUnbounded<List<long>>();
    private readonly Channel<Exception?> _ends = Channel.CreateUnbounded<Exception?>();

    /// <summary>Whether a batch heeds neither its stop nor its abandonment.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The offsets of the next batch, once it has begun.</summary>
    /// <exception cref="TimeoutException">None has begun within 30 seconds.</exception>
    public Task<List<long>> NextBatchAsync() =>
        _started.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void EndBatch() => _ends.Writer.TryWrite(null);

    public void FailBatch(Exception failure) => _ends.Writer.TryWrite(failure);

    public async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stop, CancellationToken abandon)
    {
        _started.Writer.TryWrite([.. records.Select(record => record.Offset.Value)]);
        if (await _ends.Reader.ReadAsync(IsDeaf ? CancellationToken.None : abandon) is { } failure)
        {
            throw failure;
        }
    }
}
