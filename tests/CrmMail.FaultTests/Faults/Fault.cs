namespace CrmMail.FaultTests.Faults;

/// <summary>What can happen to the system.</summary>
internal enum FaultKind
{
    KillIngest,
    KillProcessor,
    KillKafka,
    KillRedis,
    KillPostgres,
    FreezeProcessor,
    FreezeKafka,
    FreezeRedis,
    FreezePostgres,
    FlushRedis,
    RestoreOldRedis,
    RestartPostgresAtOnce,
    CutCommits,
    TwoProcessors,
    OneProcessor,
    ThreeProcessors,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="After">The quiet before it.</param>
/// <param name="For">How long it lasts before it heals.</param>
/// <param name="Choice">Decides between resources of one kind.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan After, TimeSpan For, int Choice);
