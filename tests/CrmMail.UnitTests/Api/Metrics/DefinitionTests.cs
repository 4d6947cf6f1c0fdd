using CrmMail.Api.Metrics;

namespace CrmMail.UnitTests.Api.Metrics;

public sealed class DefinitionTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "metrics.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData(PipelineSql.CaptureRate)]
    [InlineData(PipelineSql.Duplication)]
    [InlineData(PipelineSql.Latency)]
    [InlineData(PipelineSql.Failures)]
    [InlineData(PipelineSql.Events)]
    [InlineData(PipelineSql.ContactCoverage)]
    [InlineData(PipelineSql.AttachmentSuccess)]
    public void The_page_of_the_figures_shows_what_is_executed(string sql) =>
        Assert.Contains($"```sql\n{sql.ReplaceLineEndings("\n")}\n```", Page, StringComparison.Ordinal);
}
