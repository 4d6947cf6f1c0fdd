using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor.Filtering;

/// <summary>The tables in docs/filters.md are those of <c>filter-rules.json</c>.</summary>
public sealed class FilterDocumentTests
{
    private static readonly FilterFile File = ReadFile();
    private static readonly string Document = System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "filters.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_document_has_every_rule_as_it_is() =>
        Assert.Contains(string.Join('\n', File.Rules.Select(Describe)), Document, StringComparison.Ordinal);

    [Fact]
    public void The_document_has_every_exception_as_it_is() =>
        Assert.Contains(
            string.Join('\n', File.Exceptions.Select(exception => $"| {exception.Key} | {string.Join(", or ", exception.Value.Select(Describe))} |")),
            Document,
            StringComparison.Ordinal);

    [Fact]
    public void The_document_has_the_headers_that_EmailEngine_has_to_be_asked_for() =>
        Assert.Contains(string.Join(", ", FilterTable.Embedded.Headers.Order(StringComparer.Ordinal).Select(header => $"`{header}`")), Document, StringComparison.Ordinal);

    private static string Describe(RuleEntry rule)
    {
        var except = (rule.Except ?? []).Concat((rule.ExceptTags ?? []).Select(tag => $"`{tag}`"));
        return $"| `{rule.Tag}` | {rule.Name} | {string.Join(", and ", rule.When.Select(Describe))} | {string.Join(", ", except)} | {rule.Source} |".Replace("|  |", "| |", StringComparison.Ordinal);
    }

    private static string Describe(ConditionEntry condition)
    {
        var what = condition.Header is { } header ? $"{(condition.Topmost ? "topmost " : "")}`{header}`" : condition.Field!;
        var (test, values) = condition switch
        {
            { Is: { } list } => (" is ", list),
            { IsNot: { } other } => (" is there and not ", [other]),
            { StartsWith: { } list } => (" starts with ", list),
            { Contains: { } list } => (" contains ", list),
            { Word: { } list } => (" has the word ", list),
            _ => (" is there", (IReadOnlyList<string>)[]),
        };
        return what + test + string.Join(" or ", values.Select(value => $"`{value}`"));
    }

    private static FilterFile ReadFile()
    {
        using var stream = typeof(FilterTable).Assembly.GetManifestResourceStream("filter-rules.json")!;
        return FilterFile.Parse(stream);
    }
}
