using System.Text;
using CrmMail.Ingest.Tests.Running;

namespace CrmMail.Ingest.Tests;

/// <summary>
/// What is an event and what is none. A refusal is a loss once EmailEngine has given up, so that only what no Processor could ever read is
/// refused.
/// </summary>
public sealed class ShapeTests
{
    private static readonly string Longest = new('a', 256);

    /// <summary>A body in Latin-1, one character a byte; the account and the event that Ingest finds in it.</summary>
    public static TheoryData<string, string, string> Events() => new()
    {
        { """{"account":"amy","event":"messageNew"}""", "amy", "messageNew" },
        { "\u00EF\u00BB\u00BF{\"account\":\"amy\",\"event\":\"messageNew\"}", "amy", "messageNew" },
        { " \r\n\t{ \"event\" : \"messageNew\" , \"account\" : \"amy\" } \n", "amy", "messageNew" },
        { """{"account":"first","event":"x","account":"last","event":"messageNew"}""", "last", "messageNew" },
        { """{"account":1,"event":null,"account":"amy","event":"messageNew"}""", "amy", "messageNew" },
        { """{"data":{"account":"inner","event":"inner"},"account":"amy","event":"messageNew"}""", "amy", "messageNew" },
        { """{"account":"amy","event":"messageNew","data":{"account":1,"event":[]}}""", "amy", "messageNew" },
        { """{"\u0061ccount":"amy","event":"message\u004eew"}""", "amy", "messageNew" },
        { """{"account":"amy","event":"messageNew","\ud800":"\udfff"}""", "amy", "messageNew" },
        { """{"account":"amy","event":"messageNew","data":{"subject":"\u0000\ud800"}}""", "amy", "messageNew" },
        { "{\"account\":\"amy\",\"event\":\"messageNew\",\"data\":\"\u00C1\u00BE\u00FF\"}", "amy", "messageNew" },
        { $$"""{"account":"{{Longest}}","event":"messageNew"}""", Longest, "messageNew" },
        { $$"""{"account":"{{string.Concat(Enumerable.Repeat("\\u00e9", 256))}}","event":"messageNew"}""", new string('é', 256), "messageNew" },
        { "{\"account\":\"\\ud83d\\udce7 S\u00C3\u00B6hne\",\"event\":\"messageNew\"}", "📧 Söhne", "messageNew" },
        { """{"account":" amy ","event":"messageNew"}""", " amy ", "messageNew" },
        { """{"account":"amy","event":"something that a later version says"}""", "amy", "something that a later version says" },
        { Nested(64), "amy", "messageNew" },
        { Nested(65), "amy", "messageNew" },
        { Nested(10_000), "amy", "messageNew" },
        { $$"""{"account":"amy","event":"messageNew","number":{{new string('9', 5_000)}}}""", "amy", "messageNew" },
    };

    /// <summary>A body in Latin-1, and the field that is at fault, or null when it is no object at all.</summary>
    public static TheoryData<string, string?> NoEvents() => new()
    {
        { "", null },
        { " ", null },
        { "\u00EF\u00BB\u00BF", null },
        { "\u00EF\u00BB\u00BF\u00EF\u00BB\u00BF{\"account\":\"amy\",\"event\":\"messageNew\"}", null },
        { "\u00FF\u00FE{\0}\0", null },
        { "null", null },
        { "1", null },
        { "\"account\"", null },
        { "[]", null },
        { """[{"account":"amy","event":"messageNew"}]""", null },
        { "{", null },
        { """{"account":"amy","event":"messageNew" """, null },
        { """{"account":"amy","event":"messageNew","data":{}""", null },
        { """{"account":"amy","event":"messageNew","data":[}}""", null },
        { """{"account":"amy","event":"messageNew"} {}""", null },
        { """{"account":"amy","event":"messageNew"}x""", null },
        { """{"account":"amy","event":"messageNew",}""", null },
        { """{"account":"amy",/* no comment */"event":"messageNew"}""", null },
        { "{'account':'amy','event':'messageNew'}", null },
        { "{\"account\":\"amy\",\"event\":\"messageNew\",\"data\":\"\n\"}", null },
        { "{\"account\":\"amy\",\"event\":\"messageNew\",\"data\":\"\0\"}", null },
        { """{"account":"amy","event":"messageNew","data":"\x41"}""", null },
        { """{"account":"amy","event":"messageNew","data":NaN}""", null },
        { """{"account":"amy","event":"messageNew","data":01}""", null },
        { "account=amy&event=messageNew", null },
        { "{}", "account" },
        { """{"event":"messageNew"}""", "account" },
        { """{"Account":"amy","event":"messageNew"}""", "account" },
        { """{"account":null,"event":"messageNew"}""", "account" },
        { """{"account":1,"event":"messageNew"}""", "account" },
        { """{"account":true,"event":"messageNew"}""", "account" },
        { """{"account":{"account":"amy"},"event":"messageNew"}""", "account" },
        { """{"account":["amy"],"event":"messageNew"}""", "account" },
        { """{"account":"","event":"messageNew"}""", "account" },
        { """{"account":" \t ","event":"messageNew"}""", "account" },
        { """{"account":"amy","event":"messageNew","account":null}""", "account" },
        { """{"account":"a\u0000b","event":"messageNew"}""", "account" },
        { """{"account":"a\u0085b","event":"messageNew"}""", "account" },
        { """{"account":"\ud800","event":"messageNew"}""", "account" },
        { """{"account":"\udce7\ud83d","event":"messageNew"}""", "account" },
        { "{\"account\":\"\u00C1\u00BE\",\"event\":\"messageNew\"}", "account" },
        { $$"""{"account":"{{Longest}}a","event":"messageNew"}""", "account" },
        { $$"""{"account":"{{new string('a', 100_000)}}","event":"messageNew"}""", "account" },
        { """{"account":"amy"}""", "event" },
        { """{"account":"amy","event":null}""", "event" },
        { """{"account":"amy","event":7}""", "event" },
        { """{"account":"amy","event":{}}""", "event" },
        { """{"account":"amy","event":""}""", "event" },
        { """{"account":"amy","event":"a\r\nb"}""", "event" },
        { """{"account":"amy","event":"\ud800"}""", "event" },
        { $$"""{"account":"amy","event":"{{new string('e', 129)}}"}""", "event" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_JSON_object_with_an_account_and_an_event_is_taken_as_it_is(string latin1, string account, string eventName)
    {
        await using var ingest = await RunningIngest.StartAsync();
        var body = Encoding.Latin1.GetBytes(latin1);

        (await ingest.SendAsync(Webhook.Signed(body))).AssertAccepted();

        Assert.Equal(body, ingest.Producer.Record.Value);
        Assert.Equal(account, ingest.Producer.Record.KeyText());
        Assert.Equal(eventName, ingest.Producer.Record.ReadHeaders().Event);
    }

    [Theory]
    [MemberData(nameof(NoEvents))]
    public async Task Anything_else_is_refused_by_the_name_of_the_field(string latin1, string? field)
    {
        await using var ingest = await RunningIngest.StartAsync();

        var problem = (await ingest.SendAsync(Webhook.Signed(Encoding.Latin1.GetBytes(latin1)))).AssertProblem(400, "invalid-event");

        Assert.Equal(field is not null, problem.TryGetProperty("errors", out var errors));
        if (field is not null)
        {
            Assert.Equal(field, Assert.Single(errors.EnumerateObject()).Name);
        }

        Assert.Empty(ingest.Producer.Records);
        Assert.Equal("invalid-event 1", ingest.Measured.Answers);
    }

    [Fact]
    public async Task Who_loses_an_event_to_a_400_finds_its_size_and_hash_in_the_log()
    {
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(Webhook.Signed("[]"))).AssertProblem(400, "invalid-event");

        Assert.Contains("NotAnObject, 2 bytes, SHA-256 4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", ingest.Logs.From(Microsoft.Extensions.Logging.LogLevel.Warning), StringComparison.Ordinal);
    }

    private static string Nested(int depth) =>
        $$"""{"account":"amy","event":"messageNew","data":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
}
