namespace KafkaBroker.Benchmarks;

/// <summary>The ratios: of each round's two results, then the least, the middle and the largest of them.</summary>
internal static class Report
{
    public static void Print(List<Measured> ours, List<Measured> apache)
    {
        Console.WriteLine();
        Console.WriteLine($"{"local/kafka : Apache",-28} {"min",7} {"median",7} {"max",7}");
        Print("records in per second", measured => measured.ProducedPerSecond);
        Print("records out per second", measured => measured.ConsumedPerSecond);
        Print("produce latency, median", measured => measured.LatencyMedian);
        Print("produce latency, p99", measured => measured.LatencyP99);
        Print("start", measured => measured.StartSeconds);
        Print("processor time", measured => measured.CpuSeconds);
        Print("memory", measured => measured.MemoryMebibytes);

        void Print(string what, Func<Measured, double> value)
        {
            var ratios = ours.Zip(apache, (our, other) => value(our) / value(other)).Order().ToList();
            Console.WriteLine($"{what,-28} {ratios[0],7:F2} {ratios[ratios.Count / 2],7:F2} {ratios[^1],7:F2}");
        }
    }
}
