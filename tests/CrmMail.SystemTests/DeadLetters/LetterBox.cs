using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using CrmMail.Api.DeadLetters;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using CrmMail.SystemTests.Ingest;
using CrmMail.SystemTests.Processor;
using Microsoft.Extensions.DependencyInjection;
using DeadLetterRun = CrmMail.Api.DeadLetters.DeadLetterRun;

namespace CrmMail.SystemTests.DeadLetters;

/// <summary>Dead letters in the real topic, their table in a database of the test, and runs that begin when the test says so.</summary>
internal sealed class LetterBox : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly EventLog _events;

    private LetterBox(PipelineHost pipeline, EventLog events)
    {
        (Pipeline, _events) = (pipeline, events);
        Runs = new DeadLetterRunStore(pipeline.Database.DataSource);
    }

    public PipelineHost Pipeline { get; }

    public DeadLetterRunStore Runs { get; }

    /// <summary>The key of the records.</summary>
    public string Account { get; } = $"letters-{Guid.NewGuid():n}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<LetterBox> OpenAsync(RunningApplication system) =>
        new(await PipelineHost.StartAsync(system), await EventLog.OfAsync(system));

    /// <summary>Makes dead letters of records that are no JSON: e-0, e-1 and so on.</summary>
    public Task PutAsideAsync(int count) =>
        Pipeline.ProcessAsync([.. Enumerable.Range(0, count).Select(n => Pipeline.Record("{", $"e-{n}", account: Account))]);

    /// <summary>Queues a run over the open letters.</summary>
    public Task<DeadLetterRun> QueueAsync(DeadLetterAction action, DeadLetterFilter? filter = null, int ratePerSecond = 10_000, long? limit = null, bool force = false) =>
        Runs.AddAsync(
            action,
            new() { Filter = filter ?? new() { State = DeadLetterState.Open }, RatePerSecond = ratePerSecond, Limit = limit, Force = force },
            "test",
            Cancel);

    /// <summary>Does all runs, as the Processor does.</summary>
    /// <returns>How many.</returns>
    public Task<int> WorkAsync(CancellationToken? stop = null) =>
        Pipeline.Services.GetRequiredService<DeadLetterRunWorker>().WorkAsync(stop ?? Cancel).WaitAsync(Deadline, Cancel);

    public async Task<DeadLetterRun> FindAsync(Guid run) => (await Runs.FindAsync(run, Cancel))!;

    /// <summary>What is in the topic of the events, in the order of their ids.</summary>
    public async Task<List<ConsumeResult<byte[], byte[]>>> ReadEventsAsync() => [.. (await _events.ReadAsync(Account)).OrderBy(record => Header(record, MailHeaders.EventId))];

    public Task ExecuteAsync(string sql) => Pipeline.Database.ExecuteAsync(sql, Cancel);

    public Task<T> QueryAsync<T>(string sql) => Pipeline.Database.QueryAsync<T>(sql, Cancel);

    /// <summary>The letters in order: event, state, attempt, requeues.</summary>
    public Task<string> LettersAsync() =>
        QueryAsync<string>("select string_agg(concat_ws(' ', event_id, state, attempt, requeues), ', ' order by id) from dead_letters");

    /// <summary>Waits until the query gives true.</summary>
    public async Task WaitForAsync([StringSyntax("sql")] string condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await QueryAsync<bool>(condition))
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It never became true: {condition}; the letters are {await LettersAsync()}");
            }
        }
    }

    public static string? Header(ConsumeResult<byte[], byte[]> record, string name) =>
        record.Message.Headers.TryGetText(name, out var text) ? text : null;

    public static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}
