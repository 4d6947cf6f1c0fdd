namespace CrmMail.FaultTests.Invariants;

/// <summary>Something that must never be.</summary>
/// <param name="Invariant">Which promise it breaks.</param>
/// <param name="What">What was seen, with ids and where they were seen last.</param>
internal sealed record Violation(Invariant Invariant, string What);

/// <summary>What holds whatever is killed, whenever.</summary>
internal enum Invariant
{
    /// <summary>Every event answered with 2xx is in the database exactly once, as activity or skip, or is a dead letter.</summary>
    NothingIsLost,

    /// <summary>Every mail with a contact is one activity.</summary>
    OneActivityPerMail,

    /// <summary>What an event does beside its row, it does once: the entry on a timeline, the counts of its account.</summary>
    EffectsOnce,

    /// <summary>The database holds nothing that was never sent.</summary>
    NothingIsInvented,

    /// <summary>The events of an account are written in the order in which they were taken.</summary>
    OrderOfAnAccount,

    /// <summary>Everything before a committed offset is in the database, or a dead letter.</summary>
    OffsetsAfterEffects,

    /// <summary>Only an event that is itself bad is a dead letter.</summary>
    NoDeadLetterFromAnOutage,

    /// <summary>A mail is where it was moved to last.</summary>
    LastFolder,

    /// <summary>A service waits for its servers; it does not end because of them.</summary>
    ServicesOutlastFaults,

    /// <summary>Memory stays within bounds.</summary>
    BoundedMemory,

    /// <summary>To read everything again changes no row.</summary>
    ReplayChangesNothing,

    /// <summary>After the faults everything works again by itself, in time.</summary>
    RunComesToItsEnd,
}
