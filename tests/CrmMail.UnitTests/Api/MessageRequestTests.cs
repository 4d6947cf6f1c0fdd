using System.Text.Json;
using CrmMail.Api;
using CrmMail.Api.Messages;

namespace CrmMail.UnitTests.Api;

/// <summary>Which mails are taken, by the fields of the request.</summary>
public sealed class MessageRequestTests
{
    private const string To = """ "to": [{"address": "bob@example.org"}] """;

    public static TheoryData<string, string> Requests => new()
    {
        { $$"""{ {{To}} }""", "" },
        { """{"bcc": [{"address": "bob@example.org", "name": "Bob"}], "subject": "", "text": "x", "html": "<p>x</p>"}""", "" },
        { """{"replyToActivity": 17, "text": "x"}""", "" },
        { """{"to": [{"address": " bob@example.org "}, {"address": "jörg@bücher.example"}]}""", "" },
        { $$"""{ {{To}}, "attachments": [{"filename": "a.txt", "content": "aGVsbG8="}] }""", "" },
        { """{}""", "to" },
        { """{"to": [], "cc": []}""", "to" },
        { """{"to": [{"address": "bob"}, {"address": "ok@example.org"}, {"name": "Bob"}, null], "cc": [{"address": "@example.org"}]}""", "cc[0].address, to[0].address, to[2].address, to[3].address" },
        { """{"to": [{"address": "a@example.org,b@example.org"}]}""", "to[0].address" },
        { """{"to": [{"address": "a@example.org\r\nBcc: b@example.org"}]}""", "to[0].address" },
        { """{"to": [{"address": "a@example.org", "name": "A\r\nBcc: b@example.org"}]}""", "to[0].name" },
        { $$"""{ {{To}}, "subject": "a\nb" }""", "subject" },
        { $$"""{ {{To}}, "subject": "{{new string('a', 10_241)}}" }""", "subject" },
        { $$"""{ {{To}}, "text": "a\u0000b", "html": "\u0000" }""", "html, text" },
        { $$"""{ {{To}}, "attachments": [null, {"filename": "a", "content": "%%%"}, {"filename": " ", "content": ""}] }""", "attachments[0].content, attachments[0].filename, attachments[1].content, attachments[2].content, attachments[2].filename" },
        { $$"""{ {{To}}, "attachments": [{"filename": "a\u0007", "contentType": "{{new string('a', 257)}}", "cid": "a\nb", "content": "YQ=="}] }""", "attachments[0].cid, attachments[0].contentType, attachments[0].filename" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Every_wrong_field_is_named(string json, string fields)
    {
        var request = JsonSerializer.Deserialize<MessageRequest>(json, ApiJson.Options)!;
        Assert.Equal(fields, string.Join(", ", MessageRules.Check(request).ToErrors().Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void There_is_an_end_of_recipients_attachments_and_texts()
    {
        var recipient = new Recipient("bob@example.org");
        var file = new MessageAttachment("a", null, "YQ==");
        Assert.Equal("", Faults(new() { To = [.. Enumerable.Repeat(recipient, 500)], Cc = [.. Enumerable.Repeat(recipient, 500)] }));
        Assert.Equal("to", Faults(new() { To = [.. Enumerable.Repeat(recipient, 500)], Bcc = [.. Enumerable.Repeat(recipient, 501)] }));
        Assert.Equal("", Faults(new() { To = [recipient], Attachments = [.. Enumerable.Repeat(file, 100)] }));
        Assert.Equal("attachments", Faults(new() { To = [recipient], Attachments = [.. Enumerable.Repeat(file, 101)] }));
        Assert.Equal("", Faults(new() { To = [recipient], Text = new string('a', 5 * 1024 * 1024) }));
        Assert.Equal("text", Faults(new() { To = [recipient], Text = new string('a', (5 * 1024 * 1024) + 1) }));
        Assert.Equal("attachments[0].content", Faults(new() { To = [recipient], Attachments = [file with { Content = new string('a', (5 * 1024 * 1024) + 4) }] }));
    }

    [Theory]
    [InlineData("""{"subject":"a","to":[{"address":"bob@example.org"}]}""")]
    [InlineData("""{ "to": [ { "address": "bob@example.org", "name": null } ], "subject": "\u0061", "text": null }""")]
    public void The_same_request_written_otherwise_is_the_same_request(string json) =>
        Assert.Equal(Hash("""{"to":[{"address":"bob@example.org"}],"subject":"a"}"""), Hash(json));

    [Theory]
    [InlineData("""{"to":[{"address":"bob@example.org"}],"subject":"b"}""")]
    [InlineData("""{"to":[{"address":"bob@example.org"}],"subject":"a","text":""}""")]
    [InlineData("""{"cc":[{"address":"bob@example.org"}],"subject":"a"}""")]
    [InlineData("""{"to":[{"address":"Bob@example.org"}],"subject":"a"}""")]
    [InlineData("""{"to":[{"address":"bob@example.org"}],"subject":"a","replyToActivity":1}""")]
    [InlineData("""{"to":[{"address":"bob@example.org"}],"subject":"a","attachments":[{"filename":"a","content":"YQ=="}]}""")]
    [InlineData("""{"to":[{"address":"bob@example.org"}],"subject":"a","sendAt":"2027-01-01T00:00:00Z"}""")]
    public void Another_request_has_another_hash(string json) =>
        Assert.NotEqual(Hash("""{"to":[{"address":"bob@example.org"}],"subject":"a"}"""), Hash(json));

    [Fact]
    public void A_hash_is_the_same_in_every_version_of_the_Api() =>
        Assert.Equal("1b7ff48032d20c843fe74f2499c9fa8dfa056b973afedf4dde0f7971953eb4b9", Hash("""{"to":[{"address":"bob@example.org"}],"subject":"a","sendAt":"2027-01-01T00:00:00Z"}"""));

    [Theory]
    [InlineData("abc-1", "abc-1")]
    [InlineData(" abc ", "abc")]
    [InlineData("\"abc\"", "abc")]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("\"\"", null)]
    [InlineData("a b", null)]
    [InlineData("a\tb", null)]
    [InlineData("ä", null)]
    public void A_key_is_visible_ASCII(string header, string? expected)
    {
        Assert.Equal(expected is not null, IdempotencyKey.TryRead(header, out var key));
        Assert.True(expected is null || key == expected);
    }

    [Fact]
    public void A_key_has_an_end_and_who_gives_none_gets_a_new_one()
    {
        Assert.True(IdempotencyKey.TryRead(new string('a', 255), out _));
        Assert.False(IdempotencyKey.TryRead(new string('a', 256), out _));
        Assert.True(IdempotencyKey.TryRead(null, out var first));
        Assert.True(IdempotencyKey.TryRead(null, out var second));
        Assert.NotEqual(first, second);
    }

    private static string Faults(MessageRequest request) => string.Join(", ", MessageRules.Check(request).ToErrors().Keys);

    private static string Hash(string json) => Convert.ToHexStringLower(RequestHash.Of(JsonSerializer.Deserialize<MessageRequest>(json, ApiJson.Options)!));
}
