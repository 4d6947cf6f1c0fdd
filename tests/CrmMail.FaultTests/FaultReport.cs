using System.Globalization;
using CrmMail.FaultTests.Invariants;

namespace CrmMail.FaultTests;

/// <summary>What a run did, and what it found.</summary>
internal sealed class FaultReport
{
    private const int MostShown = 20;

    public required FaultSettings Settings { get; init; }

    /// <summary>The faults as they were done.</summary>
    public required IReadOnlyCollection<string> Schedule { get; init; }

    /// <summary>Figures of the run, line by line.</summary>
    public required IReadOnlyList<string> Figures { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Where ledger and consoles lie.</summary>
    public required DirectoryInfo Folder { get; init; }

    public IEnumerable<Violation> Of(Invariant invariant) => Violations.Where(violation => violation.Invariant == invariant);

    public override string ToString()
    {
        var settings = string.Create(CultureInfo.InvariantCulture, $"--seed {Settings.Seed} --minutes {Settings.Duration.TotalMinutes:0.##} --rate {Settings.EventsPerSecond}");
        return string.Join('\n', [$"./test faults {settings}", .. Schedule, .. Figures, Verdict, .. Violations.GroupBy(violation => violation.Invariant).SelectMany(Lines)]);
    }

    private string Verdict => Violations.Count == 0 ? "no rule is broken" : $"ledger and consoles are kept in {Folder.FullName}";

    private static IEnumerable<string> Lines(IGrouping<Invariant, Violation> broken) =>
        [$"{broken.Key}: {broken.Count()} violations", .. broken.Take(MostShown).Select(violation => $"  {violation.What}")];
}
