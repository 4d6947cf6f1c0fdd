using System.Globalization;

namespace CrmMail.SystemTests.Schema;

/// <summary>What a query costs in a database of a certain size.</summary>
/// <param name="Plan">Its plan, and what that read.</param>
/// <param name="InnerPages">
/// The pages above the leaves of B-trees among what was read: one for each level and descent. An index gets a level about every
/// three hundredfold growth, and so few such pages exist that they are always in memory.
/// </param>
/// <param name="Planning">Median time to plan, in milliseconds.</param>
/// <param name="Execution">Median time to execute, in milliseconds.</param>
internal sealed record QueryCost(QueryPlan Plan, double InnerPages, double Planning, double Execution)
{
    /// <summary>Leaves of indexes, and pages of tables: what a page of a timeline really has to fetch.</summary>
    public double OuterPages => Plan.Pages - InnerPages;

    public static QueryCost Of(IReadOnlyList<QueryPlan> runs, IReadOnlyDictionary<string, int> levels) => new(
        runs[^1],
        runs[^1].DescentsByIndex.Sum(index => index.Value * levels[index.Key]),
        Median(runs.Select(run => run.Planning)),
        Median(runs.Select(run => run.Execution)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Plan.Rows} rows, {Plan.Pages} pages = {OuterPages} + {InnerPages} inner, {Planning:f3} ms to plan, {Execution:f3} ms to execute");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
