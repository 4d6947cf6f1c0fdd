using Microsoft.Extensions.Logging;

namespace KafkaBroker.Storage;

/// <summary>What the operator should know of the files.</summary>
internal sealed partial class StorageLog(ILogger<StorageLog> logger)
{
    [LoggerMessage(1, LogLevel.Warning, "{Path} ended with a batch that is not whole: cut {Bytes} bytes, none of them acknowledged unless the machine lost power")]
    public partial void LogTailCut(string path, long bytes);

    [LoggerMessage(2, LogLevel.Error, "{Path} follows a hole in the log and is deleted: the machine lost power before the disk had what precedes it (--fsync prevents that)")]
    public partial void LogSegmentLost(string path);

    [LoggerMessage(3, LogLevel.Error, "{Folder} cannot be written, the producer was told")]
    public partial void LogWriteFailed(string folder, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Deleted {Segments} segments of {Partition} by its retention")]
    public partial void LogRetention(int segments, string partition);

    [LoggerMessage(5, LogLevel.Error, "The disk did not let expired records or groups be removed")]
    public partial void LogHousekeepingFailed(Exception exception);
}
