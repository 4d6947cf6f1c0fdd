using System.Diagnostics;
using System.Globalization;
using CrmMail.Benchmarks.Growth;
using CrmMail.Benchmarks.Ingest;
using CrmMail.Benchmarks.Parts;
using CrmMail.Benchmarks.Processing;
using CrmMail.Benchmarks.Whole;

namespace CrmMail.Benchmarks.Suite;

/// <summary>Measures the system beside what it is held against, on servers that nobody else uses, and ends with one table.</summary>
internal static class BenchRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Func<BenchOptions, CancellationToken, IAsyncEnumerable<Figure>>> Sections = new()
    {
        ["ingest"] = IngestSection.MeasureAsync,
        ["processor"] = ProcessorSection.MeasureAsync,
        ["whole"] = WholeSection.MeasureAsync,
        ["growth"] = GrowthSection.MeasureAsync,
        ["queries"] = QuerySection.MeasureAsync,
        ["parts"] = PartsSection.MeasureAsync,
    };

    /// <returns>0; 1 where something could not be measured; 2 for wrong arguments. A missed goal is a figure like another.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (BenchOptions.Parse(arguments, Sections.Keys, out var fault) is not { } options)
        {
            await Console.Error.WriteLineAsync($"bench: {fault}");
            return 2;
        }

        using var deadline = new CancellationTokenSource(Patience);
        var figures = new List<Figure>();
        foreach (var (name, measure) in Sections.Where(section => options.Takes(section.Key)))
        {
            try
            {
                await MeasureAsync(name, measure, options, figures, deadline.Token);
            }
            catch (Exception exception)
            {
                await Console.Error.WriteLineAsync($"bench: {name} could not be measured: {exception.Message}");
                return 1;
            }
        }

        Console.WriteLine();
        FigureTable.Write(figures, Console.Out);
        if (options.JsonFile is { } file)
        {
            await File.WriteAllTextAsync(file, FigureTable.ToJson(figures), deadline.Token);
            Console.WriteLine($"\nThe same as JSON is in {file}.");
        }

        return 0;
    }

    private static async Task MeasureAsync(
        string name, Func<BenchOptions, CancellationToken, IAsyncEnumerable<Figure>> measure, BenchOptions options, List<Figure> figures, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Console.WriteLine($"{name}: started");
        await foreach (var figure in measure(options, cancellationToken))
        {
            figures.Add(figure);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: measured in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
    }
}
