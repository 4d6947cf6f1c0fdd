using System.Text.Json;

namespace CrmMail.SystemTests.Schema;

/// <summary>What a query read, from <c>explain (analyze, buffers, format json)</c>.</summary>
/// <param name="Rows">Rows that came out of indexes and tables.</param>
/// <param name="Pages">Pages of 8 KiB that were looked at, in memory or on disk.</param>
/// <param name="DescentsByIndex">How often each index was entered from its root.</param>
/// <param name="ReadsWholeTable">Whether a table was read from end to end.</param>
/// <param name="Planning">Time to plan, in milliseconds.</param>
/// <param name="Execution">Time to execute, in milliseconds.</param>
/// <param name="Json">The plan itself, to look at when a test fails.</param>
internal sealed record QueryPlan(
    double Rows, double Pages, IReadOnlyDictionary<string, double> DescentsByIndex, bool ReadsWholeTable, double Planning, double Execution, string Json)
{
    /// <summary>How often an index was entered from its root.</summary>
    public double Descents => DescentsByIndex.Values.Sum();

    public static QueryPlan Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var explained = document.RootElement[0];
        var root = explained.GetProperty("Plan");
        var scans = Nodes(root).Where(node => Text(node, "Node Type").Contains("Scan", StringComparison.Ordinal)).ToList();
        return new QueryPlan(
            scans.Where(node => Text(node, "Node Type") is not "Bitmap Index Scan").Sum(node => Number(node, "Actual Rows") * Number(node, "Actual Loops")),
            Number(root, "Shared Hit Blocks") + Number(root, "Shared Read Blocks"),
            scans.Where(node => node.TryGetProperty("Index Name", out _))
                .GroupBy(node => Text(node, "Index Name"))
                .ToDictionary(index => index.Key, index => index.Sum(node => Number(node, "Actual Loops"))),
            scans.Any(node => Text(node, "Node Type") is "Seq Scan"),
            Number(explained, "Planning Time"),
            Number(explained, "Execution Time"),
            json);
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private static string Text(JsonElement node, string name) => node.GetProperty(name).GetString()!;

    private static double Number(JsonElement node, string name) => node.GetProperty(name).GetDouble();
}
