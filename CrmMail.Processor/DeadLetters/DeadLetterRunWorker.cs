using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Runs;
using Npgsql;

namespace CrmMail.Processor.DeadLetters;

/// <summary>Does runs over dead letters.</summary>
internal sealed partial class DeadLetterRunWorker(
    NpgsqlDataSource database, DeadLetterRunner runner, Outages outages, TimeProvider time, ILogger<DeadLetterRunWorker> logger)
    : RunWorker<DeadLetterRun, DeadLetterRunTable>(database, outages, time)
{
    protected override DeadLetterRunTable Open(NpgsqlConnection connection) => new(connection);

    protected override Task<bool> RunAsync(DeadLetterRun run, DeadLetterRunTable runs, CancellationToken stop) => runner.RunAsync(run, runs, stop);

    protected override void Begun(DeadLetterRun run) => LogBegun(run.Id, run.Action, run.Handled);

    protected override void Ended(DeadLetterRun run) => LogEnded(run.Id);

    protected override void Failed(DeadLetterRun run, Exception fault) => LogFailed(run.Id, fault);

    [LoggerMessage(350, LogLevel.Information, "The run {Run} over dead letters begins ({Action}); {Handled} letters are handled already.")]
    private partial void LogBegun(Guid run, DeadLetterAction action, long handled);

    [LoggerMessage(351, LogLevel.Information, "The run {Run} over dead letters has ended.")]
    private partial void LogEnded(Guid run);

    [LoggerMessage(352, LogLevel.Error, "The run {Run} over dead letters cannot go on.")]
    private partial void LogFailed(Guid run, Exception exception);
}
