namespace KafkaBroker.Storage;

/// <summary>What a partition knows of idempotent producers: it recognises a batch that was sent again, and one that is missing.</summary>
internal sealed class ProducerStates
{
    /// <summary>As many batches as a producer may have under way.</summary>
    private const int KeptBatches = 5;

    /// <summary>Producers beyond it are forgotten, the longest silent first: an ordinary one needs no more than its last seconds.</summary>
    private const int MaxProducers = 10_000;

    private readonly Dictionary<long, Producer> _producers = [];

    /// <summary>What to do with a batch of an idempotent producer.</summary>
    /// <param name="header">Of the batch as it was received.</param>
    public ProducerVerdict Judge(in BatchHeader header)
    {
        // The state may have gone with the log or with the data folder: whoever is unknown may begin anywhere.
        if (!_producers.TryGetValue(header.ProducerId, out var producer) || producer.Batches.Count == 0)
        {
            return new ProducerVerdict.Append();
        }

        if (header.ProducerEpoch < producer.Epoch)
        {
            return new ProducerVerdict.Fenced();
        }

        if (header.ProducerEpoch > producer.Epoch)
        {
            return header.BaseSequence == 0 ? new ProducerVerdict.Append() : new ProducerVerdict.OutOfOrder();
        }

        foreach (var batch in producer.Batches)
        {
            if (batch.BaseSequence == header.BaseSequence && batch.LastSequence == header.LastSequence)
            {
                return new ProducerVerdict.Duplicate(batch.BaseOffset, batch.Timestamp);
            }

            if (batch == producer.Latest && header.BaseSequence == Follow(batch.LastSequence))
            {
                return new ProducerVerdict.Append();
            }
        }

        return new ProducerVerdict.OutOfOrder();
    }

    /// <summary>Remembers a batch that is in the log now.</summary>
    /// <param name="header">With its offset in the log.</param>
    public void Note(in BatchHeader header)
    {
        if (header.ProducerId < 0)
        {
            return;
        }

        if (!_producers.TryGetValue(header.ProducerId, out var producer))
        {
            ForgetSilent();
            _producers.Add(header.ProducerId, producer = new());
        }

        if (producer.Epoch != header.ProducerEpoch)
        {
            producer.Epoch = header.ProducerEpoch;
            producer.Batches.Clear();
        }

        if (producer.Batches.Count == KeptBatches)
        {
            producer.Batches.Dequeue();
        }

        producer.Latest = new(header.BaseSequence, header.LastSequence, header.BaseOffset, header.MaxTimestamp);
        producer.Batches.Enqueue(producer.Latest);
    }

    private void ForgetSilent()
    {
        if (_producers.Count < MaxProducers)
        {
            return;
        }

        // Half at a time, so that it happens seldom.
        foreach (var (id, _) in _producers.OrderBy(known => known.Value.Latest.BaseOffset).Take(MaxProducers / 2).ToList())
        {
            _producers.Remove(id);
        }
    }

    private static int Follow(int sequence) => (sequence + 1) & int.MaxValue;

    private sealed class Producer
    {
        public short Epoch { get; set; } = -1;

        public Queue<Batch> Batches { get; } = new(KeptBatches);

        public Batch Latest { get; set; }
    }

    private readonly record struct Batch(int BaseSequence, int LastSequence, long BaseOffset, long Timestamp);
}
