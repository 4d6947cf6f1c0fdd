namespace KafkaBroker.Storage;

/// <summary>What all partitions share.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Flush">Flushes to disk before anything is acknowledged; null when the operating system's word is enough.</param>
/// <param name="Log">Where to tell.</param>
internal sealed record StorageContext(TimeProvider Time, GroupFlush? Flush, StorageLog Log);
