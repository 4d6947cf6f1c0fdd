using KafkaBroker.Storage;

namespace KafkaBroker.Groups;

/// <summary>What all groups share.</summary>
/// <param name="Folder">Where their journals are.</param>
/// <param name="Time">The clock.</param>
/// <param name="Flush">Flushes to disk before anything is acknowledged; null when the operating system's word is enough.</param>
internal sealed record GroupContext(string Folder, TimeProvider Time, GroupFlush? Flush)
{
    private readonly long _start = Time.GetTimestamp();

    /// <summary>Time since the start; unlike the time of day it never jumps.</summary>
    public TimeSpan Now => Time.GetElapsedTime(_start);

    /// <summary>Unix milliseconds.</summary>
    public long UnixTime => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
