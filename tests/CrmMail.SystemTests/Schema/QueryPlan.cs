using System.Text.Json;

namespace CrmMail.SystemTests.Schema;

/// <summary>What a query read, from <c>explain (analyze, buffers, format json)</c>.</summary>
/// <param name="Rows">Rows that came out of indexes and tables.</param>
/// <param name="Pages">Pages of 8 KiB that were looked at, in memory or on disk.</param>
/// <param name="Descents">How often an index was entered from its root.</param>
/// <param name="ReadsWholeTable">Whether a table was read from end to end.</param>
/// <param name="Json">The plan itself, to look at when a test fails.</param>
internal sealed record QueryPlan(double Rows, double Pages, double Descents, bool ReadsWholeTable, string Json)
{
    public static QueryPlan Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement[0].GetProperty("Plan");
        var scans = Nodes(root).Where(node => Text(node, "Node Type").Contains("Scan", StringComparison.Ordinal)).ToList();
        var indexScans = scans.Where(node => Text(node, "Node Type").Contains("Index", StringComparison.Ordinal));
        return new QueryPlan(
            scans.Sum(node => Number(node, "Actual Rows") * Number(node, "Actual Loops")),
            Number(root, "Shared Hit Blocks") + Number(root, "Shared Read Blocks"),
            indexScans.Sum(node => Number(node, "Actual Loops")),
            scans.Any(node => Text(node, "Node Type") is "Seq Scan"),
            json);
    }

    public override string ToString() => $"{Rows} rows, {Pages} pages, {Descents} descents";

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private static string Text(JsonElement node, string name) => node.GetProperty(name).GetString()!;

    private static double Number(JsonElement node, string name) => node.GetProperty(name).GetDouble();
}
