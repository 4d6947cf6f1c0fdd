using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmMail.Benchmarks.Suite;

/// <summary>All figures of a run: as a table, ratios first, and as JSON.</summary>
internal static class FigureTable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(IReadOnlyList<Figure> figures, TextWriter output)
    {
        var rows = figures.OrderBy(figure => figure.Ratio is null).Select(ToRow).Prepend(["ratio", "goal", "", "figure", "measured", "against"]).ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column is 0 or 1 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public static string ToJson(IReadOnlyList<Figure> figures) => JsonSerializer.Serialize(
        new { machine = new { cores = Environment.ProcessorCount, os = System.Runtime.InteropServices.RuntimeInformation.OSDescription }, figures }, Json);

    private static string[] ToRow(Figure figure) =>
    [
        figure.Ratio is { } ratio ? ratio.ToString(ratio < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : "",
        figure.Goal is { } goal ? (goal.IsUpper ? "<= " : ">= ") + goal.Bound.ToString("0.##", CultureInfo.InvariantCulture) : "",
        figure.IsReached switch { true => "reached", false => "missed", null => "" },
        figure.Name,
        ToText(figure),
        figure.Against is { } against ? $"{against.Name}: {ToText(against)}" : "",
    ];

    private static string ToText(Figure figure) =>
        figure.Value.ToString(Math.Abs(figure.Value) >= 100 ? "#,##0" : "0.0#", CultureInfo.InvariantCulture) + " " + figure.Unit;
}
