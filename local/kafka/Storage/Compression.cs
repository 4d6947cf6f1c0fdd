namespace KafkaBroker.Storage;

/// <summary>How the records of a batch are compressed.</summary>
internal enum Compression
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
