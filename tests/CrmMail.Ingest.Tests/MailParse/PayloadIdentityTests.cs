using System.Text;
using CrmMail.Ingest.MailParse;

namespace CrmMail.Ingest.Tests.MailParse;

public sealed class PayloadIdentityTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x"]}""", """ { "a" : 1 , "b" : [ true , null , "x" ] } """)]
    [InlineData("""{"a":1,"b":{"c":2,"d":3}}""", """{"b":{"d":3,"c":2},"a":1}""")]
    [InlineData("""{"a":"ä/\""}""", """{"a":"\u00e4\/\u0022"}""")]
    [InlineData("""{"ä":1}""", """{"\u00E4":1}""")]
    [InlineData("""{"a":1}""", "\uFEFF{\"a\":1}")]
    [InlineData("[]", " [ ] ")]
    public void Two_ways_to_write_the_same_values_are_the_same_event(string one, string other)
    {
        Assert.StartsWith("json-sha256:", IdOf(one), StringComparison.Ordinal);
        Assert.Equal(IdOf(one), IdOf(other));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":null}""", """{"a":"null"}""")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("""{"a":"x"}""", """{"a":"X"}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":[1,[2]]}""", """{"a":[1,2]}""")]
    [InlineData("""{"a":["b",1]}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":{},"b":{"c":1}}""", """{"a":{"c":1},"b":{}}""")]
    [InlineData("{}", "[]")]
    public void Other_values_are_another_event(string one, string other) => Assert.NotEqual(IdOf(one), IdOf(other));

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{} {}")]
    [InlineData("""{"a":"\ud800"}""")]
    public void What_no_reader_takes_is_known_by_its_bytes(string payload) => Assert.StartsWith("sha256:", IdOf(payload), StringComparison.Ordinal);

    [Fact]
    public void However_deep_it_is_nested_it_has_an_id() =>
        Assert.StartsWith("sha256:", IdOf(new string('[', 1_000_000) + new string(']', 1_000_000)), StringComparison.Ordinal);

    [Fact]
    public void A_large_mail_outgrows_the_first_buffer()
    {
        var text = new string('x', 100_000);
        var references = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $"\"<{number}@example.org>\""));

        Assert.Equal(
            IdOf($$"""{"text":"{{text}}","references":[{{references}}]}"""), IdOf($$"""{"references":[{{references}}], "text":"{{text}}"}"""));
    }

    private static string IdOf(string payload) => PayloadIdentity.Of(Encoding.UTF8.GetBytes(payload)).Value;
}
