using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Local.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Kafka. Local mode runs the Apache Kafka of <c>KAFKA_HOME</c>, or without it the broker of <c>local/kafka</c>.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>Adds a broker.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="port">Port on the host.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        var broker = new KafkaServerResource(name);

        var check = $"{name}_check";
        builder.Services.AddSingleton(_ => new KafkaHealthCheck(broker));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check,
            services => services.GetServices<KafkaHealthCheck>().Single(candidate => candidate.Broker == broker),
            failureStatus: null,
            tags: null));

        return builder.AddResource(broker)
            .WithEndpoint(port, targetPort: 9092, name: KafkaServerResource.PrimaryEndpointName)
            .WithImage("confluentinc/confluent-local", "8.1.1")
            .WithHealthCheck(check)
            .WithAnnotation(new ProcessRecipeAnnotation(new KafkaProcess(broker).PrepareAsync));
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/var/lib/kafka/data", isReadOnly);

    /// <summary>Kafka UI is a container and nothing else: local mode leaves it out.</summary>
    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder,
        Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null,
        string? containerName = null) => builder;
}
