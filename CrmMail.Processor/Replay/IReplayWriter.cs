using Confluent.Kafka;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;

namespace CrmMail.Processor.Replay;

/// <summary>Where a pass writes its events.</summary>
internal interface IReplayWriter
{
    /// <summary>Writes the events and, in the same transaction, that everything before <paramref name="next"/> is done.</summary>
    /// <param name="items">Events; maybe none.</param>
    /// <param name="next">The checkpoint.</param>
    /// <param name="leftOut">What else was before <paramref name="next"/>.</param>
    /// <param name="cancellationToken">Rolls back.</param>
    /// <returns>How many events were written.</returns>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    Task<int> WriteAsync(ArraySegment<BatchItem> items, long next, LeftOut leftOut, CancellationToken cancellationToken);

    /// <summary>Keeps in mind a record that cannot be read or written.</summary>
    Task PutAsideAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, CancellationToken stop);
}

/// <summary>Offsets of a batch that no event was made of.</summary>
/// <param name="Bad">Records that were put aside.</param>
/// <param name="Trimmed">Offsets that were gone by retention.</param>
internal readonly record struct LeftOut(int Bad, long Trimmed);
