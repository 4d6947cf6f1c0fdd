using System.Text;
using System.Text.Json.Nodes;
using CrmMail.Ingest.MailParse;
using Json.Schema;
using MailParseSimulator.Mails;

namespace CrmMail.Ingest.Tests.MailParse;

/// <summary>docs/mailparse.schema.json, which senders and the Processor rely on.</summary>
public sealed class ContractTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(Path.Combine(AppContext.BaseDirectory, "mailparse.schema.json"));

    private static JsonNode Example => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mailparse.schema.json")))!["examples"]![0]!;

    [Fact]
    public void The_example_names_every_field()
    {
        Assert.Empty(Broken(Example));
        Assert.Equal(
            ["message_id", "thread", "envelope", "subject", "text", "html", "attachments", "spam", "auth", "received_at"],
            Example.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"subject":null,"thread":null,"envelope":null,"attachments":null,"spam":null,"auth":null}""")]
    [InlineData("""{"received_at":"yesterday","message_id":"no id","envelope":{"from":{"email":"no address"}}}""")]
    [InlineData("""{"envelope":{"to":[null,{}]},"thread":{"references":["prose",null]},"attachments":[{"size":0}]}""")]
    [InlineData("""{"a later field":{"of":["any","type"]}}""")]
    public void Missing_and_odd_fields_are_data(string mail) => Assert.Empty(Broken(JsonNode.Parse(mail)));

    [Theory]
    [InlineData("[]", "")]
    [InlineData("\"mail\"", "")]
    [InlineData("""{"message_id":1}""", "/message_id")]
    [InlineData("""{"subject":{}}""", "/subject")]
    [InlineData("""{"thread":{"references":"<1@example.org>"}}""", "/thread/references")]
    [InlineData("""{"thread":{"references":["<1@example.org>",2]}}""", "/thread/references/1")]
    [InlineData("""{"envelope":{"from":"bob@example.org"}}""", "/envelope/from")]
    [InlineData("""{"envelope":{"to":{"email":"bob@example.org"}}}""", "/envelope/to")]
    [InlineData("""{"envelope":{"cc":[{"email":["bob@example.org"]}]}}""", "/envelope/cc/0/email")]
    [InlineData("""{"attachments":[{"size":"18 KB"}]}""", "/attachments/0/size")]
    [InlineData("""{"attachments":[{"size":-1}]}""", "/attachments/0/size")]
    [InlineData("""{"spam":{"score":"high"}}""", "/spam/score")]
    [InlineData("""{"spam":{"flag":"yes"}}""", "/spam/flag")]
    [InlineData("""{"auth":"pass"}""", "/auth")]
    [InlineData("""{"received_at":1772442904}""", "/received_at")]
    public void Another_type_breaks_it_at_the_field(string mail, string path) => Assert.Contains(path, Broken(JsonNode.Parse(mail)));

    /// <summary>Else a mail that came both ways would be two events.</summary>
    [Fact]
    public void The_webhook_and_the_listing_of_the_double_hold_the_contract_and_are_the_same_event()
    {
        var webhook = Payload.Make(Encoding.UTF8.GetBytes(Example.ToJsonString()), DateTimeOffset.UnixEpoch)!;
        var listed = Payload.ToPage(Payload.Rewrite(webhook)!.AsObject());

        Assert.Empty(Broken(JsonNode.Parse(webhook)));
        Assert.Empty(Broken(JsonNode.Parse(listed)));
        Assert.NotEqual(webhook, listed);
        Assert.Equal(PayloadIdentity.Of(webhook), PayloadIdentity.Of(listed));
    }

    /// <summary>The places that break the contract, as JSON pointers.</summary>
    private static HashSet<string> Broken(JsonNode? mail)
    {
        var result = Schema.Evaluate(mail, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. result.Details.Where(detail => detail.HasErrors).Select(detail => detail.InstanceLocation.ToString())];
    }
}
