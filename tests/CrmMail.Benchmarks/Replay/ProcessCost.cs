using System.Globalization;

namespace CrmMail.Benchmarks.Replay;

/// <summary>What this process spent on a stretch of work: processor time, memory allocated, garbage collections.</summary>
internal sealed class ProcessCost
{
    private readonly TimeSpan _processorTime = Environment.CpuUsage.TotalTime;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private readonly int[] _collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];

    /// <summary>The cost since this object was made, for so many records.</summary>
    public string PerRecord(long records) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {(Environment.CpuUsage.TotalTime - _processorTime).TotalMicroseconds / records:F0} µs and {(GC.GetTotalAllocatedBytes() - _allocated) / records} B a record, {(GC.GetTotalPauseDuration() - _paused).TotalMilliseconds:F0} ms in {GC.CollectionCount(0) - _collections[0]}/{GC.CollectionCount(1) - _collections[1]}/{GC.CollectionCount(2) - _collections[2]} collections
        """);
}
