using BenchmarkDotNet.Attributes;
using CrmMail.Benchmarks.Ingest;
using CrmMail.Processor.Decoding;

namespace CrmMail.Benchmarks.Processing;

/// <summary>What the Processor spends on one event to know what it tells.</summary>
public class DecodeBenchmarks
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 21, 21, 0, 19, TimeSpan.Zero);

    private byte[] _body = [];

    /// <summary>Bytes of the body.</summary>
    [Params(2 * 1024, 64 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp() => _body = new SampleWebhook(Size, "a-webhook-secret-of-thirty-two-bytes").Body;

    [Benchmark]
    public object Decode() => MailEventDecoder.Decode(_body, ReceivedAt);
}
