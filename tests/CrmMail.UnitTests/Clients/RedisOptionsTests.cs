using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace CrmMail.UnitTests.Clients;

public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:1", false)]
    [InlineData("127.0.0.1:1,abortConnect=true", true)]
    public void A_service_outlives_its_Redis_unless_told_otherwise(string connectionString, bool expected)
        => Assert.Equal(expected, Read(("ConnectionStrings:store", connectionString)).AbortOnConnectFail);

    [Fact]
    public void Options_of_the_connection_override_those_of_the_package()
    {
        var options = Read(
            ("ConnectionStrings:store", "127.0.0.1:1"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:ConnectRetry", "2"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:AsyncTimeout", "200"),
            ("Aspire:StackExchange:Redis:store:ConfigurationOptions:AsyncTimeout", "300"));

        Assert.Equal((2, 300), (options.ConnectRetry, options.AsyncTimeout));
    }

    /// <summary>What the options delegate of the service is given, which is called last.</summary>
    private static ConfigurationOptions Read(params (string Key, string? Value)[] configuration)
    {
        ConfigurationOptions? read = null;
        var builder = Application.With(configuration);
        builder.AddRedisClient("store", configureOptions: options =>
        {
            read = options.Clone();
            options.AbortOnConnectFail = false;
            options.ConnectRetry = 0;
            options.ConnectTimeout = 1;
        });
        using var host = builder.Build();
        host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.NotNull(read);
        return read;
    }
}
