using Microsoft.Extensions.Hosting;

namespace CrmMail.UnitTests.Clients;

/// <summary>Each source of a connection string overrides those before it: the package's section, the one with the connection's name, ConnectionStrings.</summary>
public sealed class ConnectionStringPrecedenceTests
{
    public static TheoryData<string, string> Clients => new()
    {
        { "Npgsql", "Aspire:Npgsql" },
        { "Redis", "Aspire:StackExchange:Redis" },
        { "Producer", "Aspire:Confluent:Kafka:Producer" },
        { "Consumer", "Aspire:Confluent:Kafka:Consumer" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public void The_section_of_the_package_serves_every_connection(string client, string section)
        => Assert.Equal("general", Read(client, ($"{section}:ConnectionString", "general")));

    [Theory]
    [MemberData(nameof(Clients))]
    public void The_section_of_the_connection_overrides_that_of_the_package(string client, string section)
        => Assert.Equal("named", Read(
            client, ($"{section}:ConnectionString", "general"), ($"{section}:store:ConnectionString", "named")));

    [Theory]
    [MemberData(nameof(Clients))]
    public void ConnectionStrings_overrides_the_sections(string client, string section)
        => Assert.Equal("string", Read(
            client, ("ConnectionStrings:store", "string"), ($"{section}:ConnectionString", "general"), ($"{section}:store:ConnectionString", "named")));

    [Theory]
    [MemberData(nameof(Clients))]
    public void Another_connection_is_not_ours(string client, string section)
        => Assert.Null(Read(
            client, ("ConnectionStrings:other", "string"), ($"{section}:other:ConnectionString", "named")));

    /// <summary>What the settings delegate of the service is given, which is called last.</summary>
    private static string? Read(string client, params (string Key, string? Value)[] configuration)
    {
        var builder = Application.With(configuration);
        string? read = null;
        switch (client)
        {
            case "Npgsql":
                builder.AddNpgsqlDataSource("store", settings => read = settings.ConnectionString);
                break;
            case "Redis":
                builder.AddRedisClient("store", settings => read = settings.ConnectionString);
                break;
            case "Producer":
                builder.AddKafkaProducer<string, byte[]>("store", settings => read = settings.ConnectionString);
                break;
            default:
                builder.AddKafkaConsumer<string, byte[]>("store", settings => read = settings.ConnectionString);
                break;
        }

        return read;
    }
}
