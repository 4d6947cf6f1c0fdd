using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Contacts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Deduplication;
using CrmMail.Processor.Filtering;
using CrmMail.Processor.Housekeeping;
using CrmMail.Processor.Privacy;
using CrmMail.Processor.Replay;
using CrmMail.Processor.Routing;
using CrmMail.Processor.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace CrmMail.Processor;

internal static class ProcessorExtensions
{
    private const string Kafka = "kafka";

    /// <summary>The servers: PostgreSQL, Redis, and Kafka for events and dead letters.</summary>
    public static void AddServers(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource("crm");

        // Redis only spares the database work: when it does not answer at once, the events are written without it.
        builder.AddRedisClient("redis", configureOptions: redis =>
        {
            redis.BacklogPolicy = BacklogPolicy.FailFast;
            redis.AsyncTimeout = 500;
            redis.ConnectTimeout = 1000;
        });

        var options = builder.Configuration.GetSection(ConsumerOptions.Section).Get<ConsumerOptions>() ?? new ConsumerOptions();
        KafkaConsumerSettings? live = null;
        builder.AddKafkaConsumer<byte[], byte[]>(Kafka, settings => Configure(live = settings, options), AddRebalanceHandlers);
        builder.Services.AddSingleton(new ReplayKafka(live!));
        builder.AddKafkaProducer<byte[], byte[]>(Kafka, Configure);
        builder.Services.AddSingleton<Func<DeadLetterReader>>(services => () => OpenReader(services));
    }

    /// <summary>What happens between a record and its rows.</summary>
    public static void AddPipeline(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConsumerOptions>().BindConfiguration(ConsumerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<DeduplicationOptions>().BindConfiguration(DeduplicationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddRouting();
        builder.AddFilters();
        builder.AddPrivacy();
        builder.AddContacts();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ProcessorMetrics>();
        builder.Services.AddSingleton<Outages>();
        builder.Services.AddSingleton<DecodeStage>();
        builder.Services.AddSingleton<ClassifyStage>();
        builder.Services.AddSingleton<DeadLetterQueue>();
        builder.Services.AddSingleton<DeadLetterRegister>();
        builder.Services.AddSingleton<BatchPipelineFactory>();
        builder.Services.AddSingleton<Func<IBatchPipeline>>(services => services.GetRequiredService<BatchPipelineFactory>().Create);
        builder.Services.AddSingleton<Assignments>();
        builder.Services.AddSingleton<ConsumeThread>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ConsumeThread>());
        builder.Services.AddHostedService<ConsumerLag>();
        builder.Services.AddHostedService<SkipJanitor>();
        builder.Services.AddSingleton<DeadLetterRunner>();
        builder.Services.AddSingleton<DeadLetterRunWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DeadLetterRunWorker>());
        builder.Services.AddHealthChecks().AddCheck<ConsumeHealthCheck>(ConsumeHealthCheck.Name);

        // A batch in progress may take its time to end, and the host must not be faster.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    /// <summary>Reading ranges of events once more, beside the live ones.</summary>
    public static void AddReplay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplayOptions>().BindConfiguration(ReplayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LiveLag>();
        builder.Services.AddSingleton<DraftSchema>();
        builder.Services.AddSingleton<ReplayStore>();
        builder.Services.AddSingleton<ReplayPlanner>();
        builder.Services.AddSingleton<PartitionReplay>();
        builder.Services.AddHostedService<ReplayService>();
    }

    /// <summary>Settings with <c>=</c> are what the promise "exactly once" rests upon; those with <c>??=</c> can be chosen in configuration.</summary>
    internal static void Configure(KafkaConsumerSettings settings, ConsumerOptions options)
    {
        settings.DisableHealthChecks = true;
        settings.DisableTracing = true;
        settings.DisableMetrics = true;

        var config = settings.Config;
        config.GroupId = options.GroupId;
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.AutoCommitIntervalMs ??= 1000;
        config.QueuedMaxMessagesKbytes ??= 16_384;
        config.FetchQueueBackoffMs ??= 50;
        config.FetchWaitMaxMs ??= 50; // A partition that is resumed waits until the broker has answered for the others, which may have nothing.
        config.TopicMetadataRefreshIntervalMs ??= 30_000; // A Processor that starts before its topic finds it that late.
        config.EnableMetricsPush ??= false;
    }

    internal static void Configure(KafkaProducerSettings settings)
    {
        settings.DisableHealthChecks = true;
        settings.DisableTracing = true;
        settings.DisableMetrics = true;

        var config = settings.Config;
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.Partitioner = Partitioner.Murmur2Random;
        config.AllowAutoCreateTopics = false;
        config.MessageMaxBytes = MailTopics.MaxDeadLetterBytes;
        config.EnableMetricsPush ??= false;
    }

    private static DeadLetterReader OpenReader(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var client = new ConsumerConfig();
        configuration.GetSection("Aspire:Confluent:Kafka:Consumer:Config").Bind(client);
        client.BootstrapServers = configuration.GetConnectionString(Kafka) ?? client.BootstrapServers;
        return new DeadLetterReader(client, services.GetRequiredService<ILogger<DeadLetterReader>>());
    }

    private static void AddRebalanceHandlers(IServiceProvider services, ConsumerBuilder<byte[], byte[]> consumer)
    {
        var assignments = services.GetRequiredService<Assignments>();
        consumer
            .SetPartitionsAssignedHandler((_, partitions) => assignments.Assigned(partitions))
            .SetPartitionsRevokedHandler(assignments.Revoked)
            .SetPartitionsLostHandler((_, partitions) => assignments.Lost(partitions));
    }
}
