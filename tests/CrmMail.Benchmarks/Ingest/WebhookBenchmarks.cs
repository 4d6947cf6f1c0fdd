using System.Text;
using BenchmarkDotNet.Attributes;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Webhooks;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Benchmarks.Ingest;

/// <summary>What one webhook costs between its last byte and the Kafka client: time, and bytes left for the garbage collector.</summary>
public class WebhookBenchmarks
{
    private const string EventIdText = "8da1af6e-0d9d-49a1-a51e-32325d16c264";

    private static readonly byte[][] Secrets = ["a-webhook-secret-of-thirty-two-bytes"u8.ToArray()];

    private byte[] _body = [];
    private string _signature = "";

    /// <summary>Bytes of the body.</summary>
    [Params(2 * 1024, 64 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var sample = new SampleWebhook(Size, Encoding.UTF8.GetString(Secrets[0]));
        (_body, _signature) = (sample.Body, sample.Signature);
    }

    [Benchmark]
    public bool CheckSignature() => WebhookSignature.TryParse(_signature, out var signature) && signature.FindSigner(_body, Secrets) == 0;

    [Benchmark]
    public bool ReadEnvelope() => WebhookEnvelope.TryRead(_body, out _) == EnvelopeFault.None;

    /// <summary>All of it: the record as the Kafka client takes it.</summary>
    [Benchmark]
    public Message<byte[], byte[]> MakeRecord()
    {
        if (!CheckSignature() || WebhookEnvelope.TryRead(_body, out var envelope) != EnvelopeFault.None)
        {
            throw new InvalidOperationException("The sample was refused.");
        }

        var eventId = EventId.Of(EventIdText, _body);
        var correlationId = CorrelationId.Of(MailSource.EmailEngine, envelope.Account, eventId);
        return MailEventRecord.Of(
            envelope.Account, new MailEventHeaders(MailSource.EmailEngine, envelope.Event, eventId, DateTimeOffset.UtcNow, correlationId), _body);
    }
}
