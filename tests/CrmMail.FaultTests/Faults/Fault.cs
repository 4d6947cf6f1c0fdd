namespace CrmMail.FaultTests.Faults;

/// <summary>What can happen to the system.</summary>
internal enum FaultKind
{
    KillIngest,
    KillProcessor,

    /// <summary>While PostgreSQL stands still, so that its batches are claimed and not written.</summary>
    KillProcessorInBatch,

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

    /// <summary>Half of the commits never reach PostgreSQL; half are done, and the Processor does not hear of it.</summary>
    CutCommits,

    FillKafkaDisk,
    TwoProcessors,
    OneProcessor,
    ThreeProcessors,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="After">The quiet before it.</param>
/// <param name="For">How long it lasts before it heals.</param>
/// <param name="Choice">Decides between resources of one kind.</param>
/// <param name="IsWithNext">Whether the next fault begins before this one heals.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan After, TimeSpan For, int Choice, bool IsWithNext = false)
{
    /// <summary>The servers that two faults must not have in common to be done together.</summary>
    public IReadOnlyList<string> Targets => Kind switch
    {
        FaultKind.KillIngest => [MailSystem.Ingest],
        FaultKind.KillKafka or FaultKind.FreezeKafka or FaultKind.FillKafkaDisk => [MailSystem.Kafka],
        FaultKind.KillRedis or FaultKind.FreezeRedis or FaultKind.FlushRedis or FaultKind.RestoreOldRedis => [MailSystem.Redis],
        FaultKind.KillPostgres or FaultKind.FreezePostgres or FaultKind.RestartPostgresAtOnce or FaultKind.CutCommits => [MailSystem.Postgres],
        // Without all others nothing is claimed.
        FaultKind.KillProcessorInBatch => [MailSystem.Ingest, MailSystem.Kafka, MailSystem.Redis, MailSystem.Postgres, .. MailSystem.Processors],
        _ => MailSystem.Processors,
    };
}
