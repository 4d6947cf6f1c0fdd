using CrmMail.Processor.Batches;
using CrmMail.Processor.Runs;
using Npgsql;

namespace CrmMail.Processor.Privacy;

/// <summary>Does runs that apply levels to what is stored.</summary>
internal sealed partial class StorageRunWorker(NpgsqlDataSource database, Outages outages, TimeProvider time, ILogger<StorageRunWorker> logger)
    : RunWorker<StorageRun, StorageRunTable>(database, outages, time)
{
    protected override StorageRunTable Open(NpgsqlConnection connection) => new(connection);

    protected override async Task<bool> RunAsync(StorageRun run, StorageRunTable runs, CancellationToken stop)
    {
        for (var rest = run; rest is not null;)
        {
            rest = await runs.StepAsync(rest, stop);
        }

        return true;
    }

    protected override void Begun(StorageRun run) => LogBegun(run.Id);

    protected override void Ended(StorageRun run) => LogEnded(run.Id);

    protected override void Failed(StorageRun run, Exception fault) => LogFailed(run.Id, fault);

    [LoggerMessage(370, LogLevel.Information, "The run {Run} over what is stored begins, or goes on.")]
    private partial void LogBegun(Guid run);

    [LoggerMessage(371, LogLevel.Information, "The run {Run} over what is stored has ended.")]
    private partial void LogEnded(Guid run);

    [LoggerMessage(372, LogLevel.Error, "The run {Run} over what is stored cannot go on.")]
    private partial void LogFailed(Guid run, Exception exception);
}
