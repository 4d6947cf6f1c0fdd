using System.Reflection;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;

namespace CrmMail.Ingest.Tests;

public sealed class KafkaEventProducerTests
{
    [Theory]
    [InlineData(PersistenceStatus.Persisted, nameof(ProduceOutcome.Acknowledged))]
    [InlineData(PersistenceStatus.PossiblyPersisted, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(PersistenceStatus.NotPersisted, nameof(ProduceOutcome.NotAcknowledged))]
    public async Task Only_what_is_persisted_is_acknowledged(PersistenceStatus status, string outcome)
    {
        var producer = Client.Returning(() => Task.FromResult(new DeliveryResult<byte[], byte[]> { Status = status }));

        Assert.Equal(outcome, (await producer.ProduceAsync(new())).Outcome.ToString());
    }

    [Theory]
    [InlineData(ErrorCode.Local_QueueFull, nameof(ProduceOutcome.QueueFull))]
    [InlineData(ErrorCode.MsgSizeTooLarge, nameof(ProduceOutcome.TooLarge))]
    [InlineData(ErrorCode.InvalidMsgSize, nameof(ProduceOutcome.TooLarge))]
    [InlineData(ErrorCode.Local_MsgTimedOut, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.Local_UnknownTopic, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.NotEnoughReplicas, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.TopicAuthorizationFailed, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.Local_Fatal, nameof(ProduceOutcome.NotAcknowledged))]
    [InlineData(ErrorCode.Local_PurgeQueue, nameof(ProduceOutcome.NotAcknowledged))]
    public async Task Every_error_is_an_outcome(ErrorCode error, string outcome)
    {
        var failure = new ProduceException<byte[], byte[]>(new Error(error), new DeliveryResult<byte[], byte[]>());
        var thrownAtOnce = Client.Returning(() => throw failure);
        var thrownLater = Client.Returning(() => Task.FromException<DeliveryResult<byte[], byte[]>>(failure));

        Assert.Equal((outcome, error), Told(await thrownAtOnce.ProduceAsync(new())));
        Assert.Equal((outcome, error), Told(await thrownLater.ProduceAsync(new())));

        static (string, ErrorCode) Told(ProduceResult result) => (result.Outcome.ToString(), result.Error);
    }

    [Fact]
    public void What_a_202_rests_upon_cannot_be_configured_away()
    {
        var settings = new KafkaProducerSettings
        {
            Config =
            {
                Acks = Acks.Leader, EnableIdempotence = false, EnableDeliveryReports = false, Partitioner = Partitioner.Random,
                AllowAutoCreateTopics = true, MessageMaxBytes = 1_000, LingerMs = 20, MessageTimeoutMs = 3_000,
            },
        };

        EventProducerExtensions.Configure(settings);

        var config = settings.Config;
        Assert.Equal(Acks.All, config.Acks);
        Assert.Equal((true, true, false), (config.EnableIdempotence, config.EnableDeliveryReports, config.AllowAutoCreateTopics));
        Assert.Equal(Partitioner.Murmur2Random, config.Partitioner);
        Assert.Equal(MailTopics.MaxEventBytes, config.MessageMaxBytes);
        Assert.Equal((20, 3_000), (config.LingerMs, config.MessageTimeoutMs));
    }

    /// <summary>A client of Kafka that only produces. Open and not sealed, for the proxy derives from it.</summary>
    public class Client : DispatchProxy
    {
        private Func<Task<DeliveryResult<byte[], byte[]>>> _produce = () => throw new NotSupportedException();

        internal static KafkaEventProducer Returning(Func<Task<DeliveryResult<byte[], byte[]>>> produce)
        {
            var client = Create<IProducer<byte[], byte[]>, Client>();
            ((Client)client)._produce = produce;
            return new KafkaEventProducer(client);
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IProducer<,>.ProduceAsync) ? _produce() : throw new NotSupportedException(targetMethod.Name);
    }
}
