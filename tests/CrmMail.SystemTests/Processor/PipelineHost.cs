using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor;
using CrmMail.Processor.Batches;
using CrmMail.SystemTests.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmMail.SystemTests.Processor;

/// <summary>
/// The Processor's own pipeline in the process of the test, with the real servers and a database of its own: the test decides which
/// records come together in a batch.
/// </summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private readonly IHost _host;
    private long _nextOffset = 1000;

    private PipelineHost(IHost host, ScratchDatabase database, LogLines log) => (_host, Database, Log) = (host, database, log);

    public ScratchDatabase Database { get; }

    /// <summary>Everything that was logged, whatever its level.</summary>
    public LogLines Log { get; }

    public IServiceProvider Services => _host.Services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PipelineHost> StartAsync(RunningApplication system, params (string Key, string Value)[] settings)
    {
        var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:crm"] = database.ConnectionString,
            ["ConnectionStrings:redis"] = await system.Application.GetConnectionStringAsync("redis", Cancel),
            ["ConnectionStrings:kafka"] = await system.Application.GetConnectionStringAsync("kafka", Cancel),
            ["Deduplication:Namespace"] = $"test-{Guid.NewGuid():n}",
            ["Erasure:Keys:0"] = "a-key-of-a-test-for-erasures",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        var log = new LogLines();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddMetrics();
        builder.AddServers();
        builder.AddPipeline();
        return new PipelineHost(builder.Build(), database, log);
    }

    public async Task AddContactAsync(string name, params string[] addresses)
    {
        await using var command = Database.DataSource.CreateCommand(
            """
            with contact as (insert into contacts (id, name) values (gen_random_uuid(), $1) returning id)
            insert into contact_addresses (address, contact_id) select unnest($2), id from contact
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = addresses });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>A record as Ingest writes it, at a new place.</summary>
    public ConsumeResult<byte[], byte[]> Record(string body, string? eventId = null, string? traceParent = null, string account = "amy") =>
        Record(Encoding.UTF8.GetBytes(body), eventId, traceParent, account);

    /// <inheritdoc cref="Record(string, string?, string?, string)"/>
    public ConsumeResult<byte[], byte[]> Record(byte[] body, string? eventId = null, string? traceParent = null, string account = "amy")
    {
        Assert.True(CrmMail.Contracts.EventId.TryParse(eventId ?? Guid.NewGuid().ToString(), out var id));
        var headers = new MailEventHeaders(
            MailSource.EmailEngine, "messageNew", id, DateTimeOffset.UtcNow, CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse(account), id), traceParent);
        return Foreign(new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(account), Value = body, Headers = headers.ToKafka() });
    }

    /// <summary>A record as anybody may write it, at a new place.</summary>
    public ConsumeResult<byte[], byte[]> Foreign(Message<byte[], byte[]> message) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(MailTopics.Events, 3, _nextOffset++),
        Message = message,
    };

    /// <summary>Another worker's pipeline.</summary>
    public IBatchPipeline CreatePipeline() => Services.GetRequiredService<Func<IBatchPipeline>>()();

    /// <summary>Processes the records as one batch.</summary>
    public Task ProcessAsync(params ConsumeResult<byte[], byte[]>[] records) => CreatePipeline().ProcessAsync([.. records], Cancel, Cancel);

    /// <summary>What became of all events so far, by offset: the subject of an activity, or the reason.</summary>
    public Task<string> OutcomesAsync() => Database.QueryAsync<string>(
        """
        select coalesce(string_agg(outcome, ', ' order by "offset"), '')
        from (
            select "offset", subject as outcome from activities
            union all
            select "offset", reason from skipped_events
            union all
            select "offset", 'dead: ' || reason from dead_letters
        ) as outcomes
        """, Cancel);

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>A logger for all categories.</summary>
    internal sealed class LogLines : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {exception}");
        }
    }
}
