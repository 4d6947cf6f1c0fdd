namespace CrmMail.FaultTests.Faults;

/// <summary>Faults one after another, every third together with the next, decided by a seed.</summary>
internal static class FaultSchedule
{
    private const double Together = 0.33;

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    /// <summary>For ever: every kind once in an order of its own, and again.</summary>
    public static IEnumerable<Fault> Of(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var deck = Kinds.ToArray();
            random.Shuffle(deck);
            foreach (var kind in deck)
            {
                yield return Next(kind, random) with { IsWithNext = random.NextDouble() < Together };
            }
        }
    }

    /// <summary>One kind, again and again.</summary>
    public static IEnumerable<Fault> Of(FaultKind kind, int times, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, times).Select(_ => Next(kind, random));
    }

    private static Fault Next(FaultKind kind, Random random) =>
        new(kind, Between(random, 0.5, 3), LastFor(kind, random), random.Next());

    private static TimeSpan LastFor(FaultKind kind, Random random) => kind switch
    {
        // The session of a member of the group has to end while either side is frozen.
        FaultKind.FreezeProcessor or FaultKind.FreezeKafka => Between(random, 7, 11),
        // The load has to fill the rest of the disk, and then some batches have to be under way.
        FaultKind.FillKafkaDisk or FaultKind.CutCommits => Between(random, 3, 6),
        _ => Between(random, 0.2, 4),
    };

    private static TimeSpan Between(Random random, double least, double most) => TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least)));
}
