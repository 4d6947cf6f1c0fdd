using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace CrmMail.Migrator;

internal static class ServerExtensions
{
    /// <summary>PostgreSQL and Kafka, from <see cref="ServerOptions"/>; <c>Kafka:Admin</c> takes any setting of librdkafka, such as those of SASL.</summary>
    public static void AddServers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().BindConfiguration("ConnectionStrings").ValidateDataAnnotations().ValidateOnStart();
        builder.AddNpgsqlDataSource("crm");
        builder.Services.AddSingleton(CreateKafkaAdmin);
    }

    private static IAdminClient CreateKafkaAdmin(IServiceProvider services)
    {
        var config = new AdminClientConfig { BootstrapServers = services.GetRequiredService<IOptions<ServerOptions>>().Value.Kafka };
        services.GetRequiredService<IConfiguration>().GetSection("Kafka:Admin").Bind(config);

        // A broker that is not up yet is reported once per attempt by Patience; librdkafka's own lines are for debugging.
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Confluent.Kafka");
        return new AdminClientBuilder(config)
            .SetLogHandler((_, line) => KafkaLog.Line(logger, line.Facility, line.Message))
            .Build();
    }
}
