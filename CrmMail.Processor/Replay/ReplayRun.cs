using CrmMail.Contracts;

namespace CrmMail.Processor.Replay;

/// <summary>What a run was asked for, as far as its workers need it.</summary>
/// <param name="Id">The run.</param>
/// <param name="Mode">What it does.</param>
/// <param name="Previews">Whose effects a <see cref="ReplayMode.Verify"/> tells; else the mode itself.</param>
/// <param name="Filter">Which events of its range it is about.</param>
/// <param name="AllowTrimmed">Whether it goes on where Kafka no longer has a part of its range.</param>
internal sealed record ReplayRun(Guid Id, ReplayMode Mode, ReplayMode Previews, EventFilter Filter, bool AllowTrimmed)
{
    /// <summary>Whether activities that the range's events made are made anew, and not only added to.</summary>
    public bool IsRebuild => Previews == ReplayMode.Rebuild;

    /// <summary>The first of its passes.</summary>
    public ReplayPass FirstPass => Mode == ReplayMode.Fill ? ReplayPass.Fill : ReplayPass.Draft;

    /// <summary>The pass after this one; null at the end.</summary>
    public ReplayPass? After(ReplayPass pass) => (pass, Mode) switch
    {
        (ReplayPass.Draft, _) => ReplayPass.Compare,
        (ReplayPass.Compare, ReplayMode.Rebuild) => ReplayPass.Fill,
        _ => null,
    };
}
