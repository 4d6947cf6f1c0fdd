namespace KafkaBroker.Benchmarks;

/// <summary>What one broker did in one round.</summary>
/// <param name="StartSeconds">From start to the first answer.</param>
/// <param name="ProducedPerSecond">Records per second, acknowledged.</param>
/// <param name="ConsumedPerSecond">Records per second, received by one consumer.</param>
/// <param name="LatencyMedian">Milliseconds from produce to acknowledgement at a steady rate.</param>
/// <param name="LatencyP99">The same, of the slowest hundredth.</param>
/// <param name="CpuSeconds">Processor time of the broker for all of it.</param>
/// <param name="MemoryMebibytes">Resident memory at the end.</param>
internal sealed record Measured(
    double StartSeconds, double ProducedPerSecond, double ConsumedPerSecond, double LatencyMedian, double LatencyP99, double CpuSeconds, double MemoryMebibytes)
{
    public override string ToString() =>
        $"start {StartSeconds,5:F2} s   in {ProducedPerSecond,9:N0}/s   out {ConsumedPerSecond,9:N0}/s   p50 {LatencyMedian,6:F2} ms   p99 {LatencyP99,7:F2} ms   " +
        $"cpu {CpuSeconds,5:F1} s   memory {MemoryMebibytes,4:F0} MiB";
}
