namespace CrmMail.Benchmarks.Suite;

/// <summary>What a run measures, and how long.</summary>
/// <param name="Sections">By name; all where it is empty.</param>
/// <param name="IsSmoke">Whether everything is done for a moment only, to see that it works.</param>
/// <param name="JsonFile">Where the figures are written to as well.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Sections, bool IsSmoke, string? JsonFile)
{
    /// <summary>How long each rate is held, warm-up not included.</summary>
    public TimeSpan Step => IsSmoke ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5);

    /// <summary>How many events are drained.</summary>
    public int Events { get; init; } = IsSmoke ? 2_000 : 1_000_000;

    public bool Takes(string section) => Sections.Count == 0 || Sections.Contains(section);

    /// <returns>Null, and the reason, where the arguments are wrong.</returns>
    public static BenchOptions? Parse(ReadOnlySpan<string> arguments, IReadOnlyCollection<string> known, out string? fault)
    {
        var options = new BenchOptions([], IsSmoke: false, JsonFile: null);
        fault = null;
        for (var n = 0; n < arguments.Length; n++)
        {
            switch (arguments[n])
            {
                case "--smoke":
                    options = new BenchOptions(options.Sections, IsSmoke: true, options.JsonFile);
                    break;
                case "--json" when n + 1 < arguments.Length:
                    options = options with { JsonFile = arguments[++n] };
                    break;
                case "--events" when n + 1 < arguments.Length && int.TryParse(arguments[n + 1], out var events) && events >= 1_000:
                    options = options with { Events = events };
                    n++;
                    break;
                case var section when known.Contains(section):
                    options = options with { Sections = [.. options.Sections, section] };
                    break;
                default:
                    fault = $"{arguments[n]} is not understood: name sections ({string.Join(", ", known)}), --smoke, --json FILE or --events NUMBER (1000 or more)";
                    return null;
            }
        }

        return options;
    }
}
