using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>What became of a batch that was to be appended.</summary>
/// <param name="Error">Why it was not.</param>
/// <param name="BaseOffset">Offset of its first record, the original one if it was sent before; -1 with an error.</param>
/// <param name="AppendTime">The log's time, unix milliseconds; -1 where the producer's time counts.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset, long AppendTime)
{
    public static AppendResult Failed(ErrorCode error) => new(error, -1, -1);
}
