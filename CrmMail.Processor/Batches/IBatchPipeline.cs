using Confluent.Kafka;

namespace CrmMail.Processor.Batches;

/// <summary>What a partition worker does with its batches.</summary>
internal interface IBatchPipeline
{
    /// <summary>When it returns, every record of the batch has its effects in the database or is a dead letter (R1).</summary>
    /// <param name="records">Records of one partition, in order; at least one.</param>
    /// <param name="stop">Ends the wait for a server that is away.</param>
    /// <param name="abandon">Rolls back the transaction in progress.</param>
    /// <exception cref="OperationCanceledException">The batch was given up; what was written is found again by its keys.</exception>
    Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stop, CancellationToken abandon);
}
