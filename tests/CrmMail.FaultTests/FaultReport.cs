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

    /// <summary>Without the single violations.</summary>
    public string Summary => Join(shown: 0);

    private string Verdict => Violations.Count == 0 ? "no rule is broken" : $"ledger and consoles are in {Folder.FullName}";

    public override string ToString() => Join(MostShown);

    private string Join(int shown)
    {
        var settings = string.Create(CultureInfo.InvariantCulture, $"--seed {Settings.Seed} --minutes {Settings.Duration.TotalMinutes:0.##} --rate {Settings.EventsPerSecond}");
        return string.Join('\n', [$"./test faults {settings}", .. Schedule, .. Figures, Verdict, .. Violations.GroupBy(violation => violation.Invariant).SelectMany(broken => Lines(broken, shown))]);
    }

    private static IEnumerable<string> Lines(IGrouping<Invariant, Violation> broken, int shown) =>
        [$"{broken.Key}: {broken.Count()} violations", .. broken.Take(shown).Select(violation => $"  {violation.What}")];
}
