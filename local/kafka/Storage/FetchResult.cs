using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>What a partition has for a reader.</summary>
/// <param name="Error">Why it has nothing.</param>
/// <param name="HighWatermark">Offset after the last readable record.</param>
/// <param name="LogStart">Offset of the first readable record.</param>
/// <param name="Records">Whole batches; empty at the end of the log.</param>
internal readonly record struct FetchResult(ErrorCode Error, long HighWatermark, long LogStart, SegmentSlice Records);
