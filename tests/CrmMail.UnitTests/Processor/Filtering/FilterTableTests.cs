using System.Text;
using System.Text.Json;
using CrmMail.Processor.Filtering;

namespace CrmMail.UnitTests.Processor.Filtering;

/// <summary>A file of rules that means nothing is refused when it is read, and the message says where.</summary>
public sealed class FilterTableTests
{
    private const string Good = """{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "source": "s"}""";

    [Theory]
    [InlineData("""{"name": "A 1", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "source": "s"}""", "\"A 1\" needs a name")]
    [InlineData("""{"name": "a", "tag": "spam", "when": [{"header": "x-a", "present": true}], "source": "s"}""", "the tag \"spam\"")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [], "source": "s"}""", "no condition")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "source": " "}""", "no source")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "X-A", "present": true}], "source": "s"}""", "the header \"X-A\"")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"field": "subject", "present": true}], "source": "s"}""", "the field \"subject\"")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"present": true}], "source": "s"}""", "needs a header or a field")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "field": "sender", "present": true}], "source": "s"}""", "needs a header or a field")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a"}], "source": "s"}""", "exactly one test")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "is": []}], "source": "s"}""", "exactly one test")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "is": ["x"], "present": true}], "source": "s"}""", "exactly one test")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "except": ["other"], "source": "s"}""", "\"other\", which is no exception")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "exceptTags": ["other"], "source": "s"}""", "the tag \"other\"")]
    [InlineData($"{Good}, {Good}", "the same name")]
    public void What_means_nothing_is_refused(string rules, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Compile(rules)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "present": true}]}""")] // No source.
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "equals": "x"}], "source": "s"}""")]
    [InlineData("""{"name": "a", "name": "b", "tag": "bulk", "when": [{"header": "x-a", "present": true}], "source": "s"}""")]
    [InlineData("""{"name": null, "tag": "bulk", "when": [{"header": "x-a", "present": true}], "source": "s"}""")]
    [InlineData("""{"name": "a", "tag": "bulk", "when": [{"header": "x-a", "is": "x"}], "source": "s"}""")]
    public void What_is_not_of_the_form_is_refused(string rules) => Assert.Throws<JsonException>(() => Compile(rules));

    [Fact]
    public void A_good_rule_is_not_refused() => Assert.Equal("a", Assert.Single(Compile(Good).Rules).Name);

    private static FilterTable Compile(string rules) => new(FilterFile.Parse(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"exceptions": {}, "rules": [{{rules}}]}"""))));
}
