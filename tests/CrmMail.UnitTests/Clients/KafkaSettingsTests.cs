using System.Diagnostics;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmMail.UnitTests.Clients;

public sealed class KafkaSettingsTests
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    [Fact]
    public void The_client_is_configured_by_the_names_of_Confluent_Kafka()
    {
        var config = Read(
            ($"{Section}:Config:GroupId", "general"),
            ($"{Section}:Config:EnableAutoCommit", "false"),
            ($"{Section}:store:Config:GroupId", "named"),
            ($"{Section}:store:Config:AutoOffsetReset", "Earliest")).Config;

        Assert.Equal("named", config.GroupId);
        Assert.False(config.EnableAutoCommit);
        Assert.Equal(AutoOffsetReset.Earliest, config.AutoOffsetReset);
    }

    [Fact]
    public void The_connection_string_overrides_the_bootstrap_servers()
        => Assert.Equal("string:9092", Read(
            ("ConnectionStrings:store", "string:9092"), ($"{Section}:Config:BootstrapServers", "config:9092")).Config.BootstrapServers);

    [Theory]
    [InlineData(null, null, 1000)]
    [InlineData(null, "5000", 5000)]
    [InlineData("true", null, null)]
    public void Statistics_come_every_second_unless_configured_otherwise(string? disableMetrics, string? interval, int? expected)
        => Assert.Equal(expected, Read(
            ($"{Section}:DisableMetrics", disableMetrics), ($"{Section}:Config:StatisticsIntervalMs", interval)).Config.StatisticsIntervalMs);

    [Fact]
    public async Task What_librdkafka_logs_is_a_log_of_the_service()
    {
        using var logs = new LogCategories();
        var builder = Application.With(("ConnectionStrings:store", "127.0.0.1:1"));
        builder.Logging.AddProvider(logs);
        builder.AddKafkaProducer<string, byte[]>("store");
        using var host = builder.Build();

        host.Services.GetRequiredService<IProducer<string, byte[]>>();

        Assert.Equal("Aspire.Confluent.Kafka", await logs.FirstAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The settings as they are when everything has been applied, which is after the delegate.</summary>
    private static KafkaConsumerSettings Read(params (string Key, string? Value)[] configuration)
    {
        KafkaConsumerSettings? read = null;
        Application.With(configuration).AddKafkaConsumer<string, byte[]>("store", settings => read = settings);
        return read ?? throw new UnreachableException();
    }

    private sealed class LogCategories : ILoggerProvider
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstAsync(CancellationToken cancellationToken) => _first.Task.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, _first);

        public void Dispose()
        {
        }

        private sealed class Category(string name, TaskCompletionSource<string> first) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => first.TrySetResult(name);
        }
    }
}
