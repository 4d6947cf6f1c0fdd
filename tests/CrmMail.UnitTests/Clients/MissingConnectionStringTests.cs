using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace CrmMail.UnitTests.Clients;

/// <summary>A service without a connection string starts, so that its health can say what is wrong, and fails when it first asks for the client.</summary>
public sealed class MissingConnectionStringTests
{
    [Fact]
    public void Npgsql_names_the_missing_key()
    {
        var builder = Application.With();
        builder.AddNpgsqlDataSource("store");

        Assert.Contains("ConnectionStrings:store", FirstResolutionOf<NpgsqlDataSource>(builder), StringComparison.Ordinal);
    }

    [Fact]
    public void Redis_names_the_missing_key()
    {
        var builder = Application.With();
        builder.AddRedisClient("store");

        Assert.Contains("ConnectionStrings:store", FirstResolutionOf<IConnectionMultiplexer>(builder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_producer_asks_for_bootstrap_servers()
    {
        var builder = Application.With();
        builder.AddKafkaProducer<string, byte[]>("store");

        Assert.StartsWith("No bootstrap servers configured.", FirstResolutionOf<IProducer<string, byte[]>>(builder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_consumer_asks_for_bootstrap_servers()
    {
        var builder = Application.With(("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "group"));
        builder.AddKafkaConsumer<string, byte[]>("store");

        Assert.StartsWith("No bootstrap servers configured.", FirstResolutionOf<IConsumer<string, byte[]>>(builder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_consumer_asks_for_a_group()
    {
        var builder = Application.With(("ConnectionStrings:store", "127.0.0.1:1"));
        builder.AddKafkaConsumer<string, byte[]>("store");

        Assert.StartsWith("No group id configured.", FirstResolutionOf<IConsumer<string, byte[]>>(builder), StringComparison.Ordinal);
    }

    private static string FirstResolutionOf<TClient>(HostApplicationBuilder builder)
        where TClient : notnull
    {
        using var host = builder.Build();
        return Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<TClient>()).Message;
    }
}
