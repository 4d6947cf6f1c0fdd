using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class SchemaScriptTests
{
    [Fact]
    public void Scripts_are_numbered_from_1_without_a_gap()
    {
        Assert.NotEmpty(SchemaScript.All);
        Assert.All(SchemaScript.All, script => Assert.StartsWith($"{script.Version:0000}_", script.Name, StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, SchemaScript.All.Count), SchemaScript.All.Select(script => script.Version));
    }

    [Fact]
    public void A_checksum_does_not_depend_on_how_git_ends_lines() =>
        Assert.All(SchemaScript.All, script => Assert.DoesNotContain('\r', script.Sql));

    [Fact]
    public void Any_change_of_a_script_changes_its_checksum()
    {
        var script = SchemaScript.All[0];
        Assert.Equal(script.Checksum(), (script with { Name = "0001_other.sql" }).Checksum());
        Assert.NotEqual(script.Checksum(), (script with { Sql = script.Sql + " " }).Checksum());
    }
}
