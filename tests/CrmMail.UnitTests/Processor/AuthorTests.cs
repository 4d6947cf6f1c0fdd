using System.Text;
using System.Text.Json.Nodes;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor;

/// <summary>EmailEngine tells the first author only, and that as the mail server understood the header.</summary>
public sealed class AuthorTests
{
    [Theory]
    [InlineData("Bob <bob@example.org>", "bob@example.org", "Bob <bob@example.org>")]
    [InlineData("Bob <bob@example.org>, Carol <carol@example.net>", "bob@example.org", "Bob <bob@example.org>|<carol@example.net>")]
    [InlineData("Buyer, Bob <bob@example.org>", "Buyer@MISSING_DOMAIN", "<bob@example.org>")]
    [InlineData("Bob @ Work <bob@example.org>", "Bob@Work", "<bob@example.org>")]
    [InlineData("\"Bob <bob@example.org>", "MISSING_MAILBOX@MISSING_DOMAIN", "<bob@example.org>")]
    [InlineData("=?utf-8?Q?bob=40example.org?=", "bob@example.org", "Bob <bob@example.org>")]
    [InlineData(null, "bob@example.org", "Bob <bob@example.org>")]
    [InlineData(null, null, "Sender <sender@example.com>")]
    [InlineData("Bob <bob@example.org>", null, "<bob@example.org>")]
    public void The_header_is_asked_before_EmailEngine_and_the_sender(string? header, string? from, string expected)
    {
        var mail = new JsonObject { ["messageId"] = "<1@example.org>", ["sender"] = Person("Sender", "sender@example.com") };
        if (from is not null)
        {
            mail["from"] = Person("Bob", from);
        }

        if (header is not null)
        {
            mail["headers"] = new JsonObject { ["from"] = new JsonArray(header) };
        }

        var authors = Assert.IsType<SeenMail>(Decode("messageNew", mail).Content).Participants.From;

        Assert.Equal(expected.Split('|'), authors.Select(author => $"{author.Name} <{author.Address}>".TrimStart()));
    }

    private static MailEvent Decode(string name, JsonObject data) =>
        MailEventDecoder.Decode(
            Encoding.UTF8.GetBytes(new JsonObject { ["account"] = "amy", ["event"] = name, ["data"] = data }.ToJsonString()),
            DateTimeOffset.UnixEpoch);

    private static JsonObject Person(string name, string address) => new() { ["name"] = name, ["address"] = address };
}
