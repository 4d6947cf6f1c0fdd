using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Migrator;

internal static class ServerExtensions
{
    /// <summary>PostgreSQL and Kafka, from <see cref="ServerOptions"/>; <c>Kafka:Admin</c> takes any setting of librdkafka, such as those of SASL.</summary>
    public static void AddServers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().BindConfiguration("ConnectionStrings")
            .Validate(servers => NamesDatabase(servers.Crm),
                "ConnectionStrings:crm names no PostgreSQL database. Set it to one, such as Host=localhost;Database=crm;Username=postgres.")
            .Validate(servers => !string.IsNullOrWhiteSpace(servers.Kafka),
                "ConnectionStrings:kafka names no Kafka. Set it to the bootstrap servers, such as localhost:9092.")
            .ValidateOnStart();
        builder.AddNpgsqlDataSource("crm");
        builder.Services.AddSingleton(CreateKafkaAdmin);
    }

    private static bool NamesDatabase(string? connectionString)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(connectionString).Host);
        }
        catch (Exception malformed) when (malformed is ArgumentException or KeyNotFoundException)
        {
            return false;
        }
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
