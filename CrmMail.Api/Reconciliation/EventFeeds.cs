using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Contracts;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Reconciliation;

/// <summary>Opens ways into <c>mail.events</c>: the Api has a producer only while there is something to feed.</summary>
internal sealed class EventFeeds(IConfiguration configuration)
{
    private const int AckTimeoutMs = 30_000;

    /// <summary>A way that connects when the first event is put into it.</summary>
    public EventFeed Open() => new(CreateProducer);

    private IProducer<byte[], byte[]> CreateProducer()
    {
        var config = new ProducerConfig();
        configuration.GetSection("Aspire:Confluent:Kafka:Producer:Config").Bind(config);
        config.BootstrapServers = configuration.GetConnectionString("kafka") ?? config.BootstrapServers;
        MailEventRecord.Secure(config);
        config.MessageTimeoutMs ??= AckTimeoutMs;
        return new ProducerBuilder<byte[], byte[]>(config).Build();
    }
}

/// <summary>Puts events of one run into <c>mail.events</c>.</summary>
internal sealed class EventFeed(Func<IProducer<byte[], byte[]>> createProducer) : IDisposable
{
    private readonly List<Task<DeliveryResult<byte[], byte[]>>> _unacknowledged = [];
    private IProducer<byte[], byte[]>? _producer;

    /// <summary>Hands an event over. Kafka has it once <see cref="FlushAsync"/> has come back.</summary>
    /// <param name="account">The account.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="body">Its body; empty when it was spilled.</param>
    /// <param name="spilled">Where the body is then.</param>
    /// <param name="at">When it was made.</param>
    public void Put(AccountId account, EventId eventId, byte[] body, SpilledBody? spilled, DateTimeOffset at)
    {
        var headers = new MailEventHeaders(
            MailSource.Reconcile, MissingMailEvent.Name, eventId, at, CorrelationId.Of(MailSource.Reconcile, account, eventId), Activity.Current?.Id, spilled);
        _producer ??= createProducer();
        _unacknowledged.Add(_producer.ProduceAsync(MailTopics.Events, MailEventRecord.Of(account, headers, body)));
    }

    /// <summary>Waits until all in-sync replicas have every event that was put.</summary>
    /// <exception cref="KafkaException">They do not have all. Those that they have are recognised when they are put again.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(_unacknowledged).WaitAsync(cancellationToken);
        _unacknowledged.Clear();
        if (Array.Exists(results, static result => result.Status != PersistenceStatus.Persisted))
        {
            throw new KafkaException(ErrorCode.Local_TimedOut);
        }
    }

    public void Dispose() => _producer?.Dispose();
}
