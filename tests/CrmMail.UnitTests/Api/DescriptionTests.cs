using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CrmMail.UnitTests.Api;

/// <summary>What the OpenAPI document owes to whoever calls the Api by it.</summary>
public sealed class DescriptionTests(ServedDescription served) : IClassFixture<ServedDescription>
{
    // These answer everywhere, and are declared once for all operations.
    private static readonly string[] CommonProblems = ["400", "401", "403", "429", "500", "503"];

    [Fact]
    public void A_reader_finds_no_fault_with_it()
    {
        Assert.Empty(served.Diagnostic.Errors);
        Assert.Empty(served.Diagnostic.Warnings);
        Assert.Empty(served.Document.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var root = JsonNode.Parse(served.Json)!;
        var references = Nodes(root).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(value => value.GetValue<string>()).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(reference.Split('/').Skip(1).Aggregate((JsonNode?)root, (node, name) => node?[name])));
    }

    [Fact]
    public void Every_operation_says_what_it_does_and_who_may_call_it() => Assert.All(served.Operations, operation =>
    {
        Assert.False(string.IsNullOrWhiteSpace(operation.Summary), "no summary");
        Assert.Matches("Scope: `(crm|ops)`", operation.Description);
        Assert.NotEmpty(operation.Tags!);
        Assert.Equal("apiKey", Assert.Single(Assert.Single(operation.Security!).Keys).Reference.Id);
        Assert.All(operation.Parameters ?? [], parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Description), $"{parameter.Name} has no description"));
    });

    [Fact]
    public void Every_operation_has_an_example_of_what_it_takes_and_answers() => Assert.All(served.Operations, operation =>
    {
        Assert.All(operation.RequestBody?.Content?.Values ?? [], body => Assert.NotNull(body.Example));
        var answers = operation.Responses!.Where(response => response.Key.StartsWith('2')).ToList();
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.True(answer.Key == "204" || answer.Value.Content!.Values.Single().Example is not null, "no example of the answer"));
    });

    [Fact]
    public void Every_operation_lists_its_problems() => Assert.All(served.Operations, operation =>
    {
        var problems = operation.Responses!.Where(response => response.Key[0] is '4' or '5').ToList();
        Assert.Superset(CommonProblems.ToHashSet(), problems.Select(problem => problem.Key).ToHashSet());
        Assert.All(problems, problem =>
        {
            var (type, content) = Assert.Single(problem.Value.Content!);
            Assert.Equal("application/problem+json", type);
            Assert.NotEmpty(content.Examples!);
            Assert.All(content.Examples!.Values, example => Assert.StartsWith("https://crmmail.dev/problems/", example.Value!["type"]!.GetValue<string>(), StringComparison.Ordinal));
        });
        if (operation.RequestBody is not null)
        {
            Assert.Contains("415", operation.Responses!.Keys);
        }
    });

    /// <summary>A field that may be null has the description of its type: the generator gives it none of its own.</summary>
    [Fact]
    public void Every_field_is_described()
    {
        var fields = served.Document.Components!.Schemas!
            .Where(schema => schema.Value.Properties is not null && !schema.Key.StartsWith("PageOf", StringComparison.Ordinal))
            .SelectMany(schema => schema.Value.Properties!, (schema, property) => (Name: $"{schema.Key}.{property.Key}", property.Value))
            .Where(field => field.Value.OneOf is not { Count: > 0 });
        Assert.Empty(fields.Where(field => string.IsNullOrWhiteSpace(field.Value.Description)).Select(field => field.Name));
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject members => members.Select(member => member.Value).OfType<JsonNode>().SelectMany(Nodes).Prepend(node),
        JsonArray items => items.OfType<JsonNode>().SelectMany(Nodes).Prepend(node),
        _ => [node],
    };
}
