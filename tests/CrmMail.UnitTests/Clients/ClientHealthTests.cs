using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace CrmMail.UnitTests.Clients;

/// <summary>The names by which runbooks and dashboards know the checks, and that they are red while nothing listens.</summary>
public sealed class ClientHealthTests
{
    // Nothing listens on port 1, and connecting to it is refused at once.
    private static readonly (string, string?)[] NoServers =
    [
        ("ConnectionStrings:database", "Host=127.0.0.1;Port=1;Username=crm"),
        ("ConnectionStrings:store", "127.0.0.1:1"),
        ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "group"),
    ];

    [Fact]
    public async Task Every_client_is_unhealthy_under_the_name_of_its_package()
    {
        var builder = Application.With(NoServers);
        builder.AddNpgsqlDataSource("database");
        builder.AddRedisClient("store");
        builder.AddKafkaProducer<string, byte[]>("store");
        builder.AddKafkaConsumer<string, byte[]>("store");

        await AssertUnhealthyAsync(
            builder, "Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Producer", "PostgreSql", "StackExchange.Redis");
    }

    [Fact]
    public async Task A_keyed_client_has_its_key_in_the_name()
    {
        var builder = Application.With(NoServers);
        builder.AddKeyedNpgsqlDataSource("database");
        builder.AddKeyedRedisClient("store");
        builder.AddKeyedKafkaProducer<string, byte[]>("store", _ => { }, (_, _) => { });
        builder.AddKeyedKafkaConsumer<string, byte[]>("store", _ => { }, (_, _) => { });

        await AssertUnhealthyAsync(
            builder,
            "Aspire.Confluent.Kafka.Consumer_store",
            "Aspire.Confluent.Kafka.Producer_store",
            "PostgreSql_database",
            "StackExchange.Redis_store");
    }

    [Fact]
    public async Task A_client_that_is_added_twice_is_checked_once()
    {
        var builder = Application.With(NoServers);
        builder.AddNpgsqlDataSource("database");
        builder.AddNpgsqlDataSource("database");

        await AssertUnhealthyAsync(builder, "PostgreSql");
    }

    [Fact]
    public async Task A_client_may_go_without_a_check()
    {
        var builder = Application.With(NoServers);
        builder.AddNpgsqlDataSource("database", settings => settings.DisableHealthChecks = true);
        builder.AddRedisClient("store", settings => settings.DisableHealthChecks = true);
        builder.AddKafkaProducer<string, byte[]>("store", settings => settings.DisableHealthChecks = true);
        builder.AddKafkaConsumer<string, byte[]>("store", settings => settings.DisableHealthChecks = true);
        builder.Services.AddHealthChecks();

        await AssertUnhealthyAsync(builder);
    }

    private static async Task AssertUnhealthyAsync(HostApplicationBuilder builder, params string[] names)
    {
        using var host = builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(names, report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
    }
}
