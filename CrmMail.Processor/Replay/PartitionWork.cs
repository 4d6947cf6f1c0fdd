using CrmMail.Contracts;

namespace CrmMail.Processor.Replay;

/// <summary>A partition of a run that this Processor has claimed.</summary>
/// <param name="Run">The run.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Owner">The worker that has it; every claim is another one.</param>
/// <param name="Pass">What is to be done.</param>
/// <param name="From">The first offset of the range.</param>
/// <param name="To">The offset after the last one.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="NextAccount">Where <see cref="ReplayPass.Compare"/> goes on: with the account after this one.</param>
/// <param name="RecordsPerSecond">The rate of the whole run; null for no limit.</param>
internal sealed record PartitionWork(
    ReplayRun Run, int Partition, Guid Owner, ReplayPass Pass, long From, long To, long Next, string NextAccount, double? RecordsPerSecond);

/// <summary>Another worker has the partition, or the run has ended: nothing more may be written.</summary>
internal sealed class LeaseLostException() : Exception("The partition is no longer this worker's.");

/// <summary>The run cannot go on. The message is shown to operators, and holds nothing of a mail.</summary>
internal sealed class ReplayFailedException(string message) : Exception(message);
