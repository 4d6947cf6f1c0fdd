using CrmMail.Contracts;
using CrmMail.Processor.Database;

namespace CrmMail.Processor.Runs;

/// <summary>Runs of one kind, for the one Processor that does them.</summary>
internal interface IRunTable<TRun> where TRun : class
{
    /// <summary>Makes this the one that works on runs; null when there is nothing to do, or another one does it.</summary>
    Task<WorkLock?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>The oldest run that has not ended, also one that another Processor had begun; null when there is none.</summary>
    Task<TRun?> TakeAsync(CancellationToken cancellationToken);

    /// <summary>Ends the run, unless it has ended, and tells the audit.</summary>
    Task EndAsync(TRun run, RunState state, string? error, CancellationToken cancellationToken);
}
