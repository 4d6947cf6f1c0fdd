using System.Text;
using System.Threading.Channels;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>A broker that does as it is told, and keeps what it is handed.</summary>
internal sealed class ScriptedProducer : IEventProducer
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<Message<byte[], byte[]>> _handed = Channel.CreateUnbounded<Message<byte[], byte[]>>();
    private readonly List<Message<byte[], byte[]>> _records = [];
    private readonly Lock _gate = new();

    /// <summary>The fate of a record; acknowledged at once if not set.</summary>
    public Func<Message<byte[], byte[]>, Task<ProduceResult>> Fate { get; set; } = static _ => Ended(ProduceOutcome.Acknowledged);

    /// <summary>Every record that was handed over, whatever became of it.</summary>
    public IReadOnlyList<Message<byte[], byte[]>> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>The only record.</summary>
    public Message<byte[], byte[]> Record => Assert.Single(Records);

    public static Task<ProduceResult> Ended(ProduceOutcome outcome, ErrorCode error = ErrorCode.NoError) =>
        Task.FromResult(new ProduceResult(outcome, error));

    /// <summary>From now on nothing ends before the returned source is completed.</summary>
    public TaskCompletionSource<ProduceResult> Hold()
    {
        var held = new TaskCompletionSource<ProduceResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Fate = _ => held.Task;
        return held;
    }

    /// <summary>Waits until further records were handed over.</summary>
    public async Task WaitAsync(int records = 1)
    {
        for (var i = 0; i < records; i++)
        {
            await _handed.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
    }

    public Task<ProduceResult> ProduceAsync(Message<byte[], byte[]> record)
    {
        lock (_gate)
        {
            _records.Add(record);
        }

        var fate = Fate(record);
        _handed.Writer.TryWrite(record);
        return fate;
    }
}

internal static class RecordExtensions
{
    public static string KeyText(this Message<byte[], byte[]> record) => Encoding.UTF8.GetString(record.Key);

    public static MailEventHeaders ReadHeaders(this Message<byte[], byte[]> record)
    {
        Assert.True(MailEventHeaders.TryRead(record.Headers, out var headers, out var wrongHeader), wrongHeader);
        return headers;
    }
}
