using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MailboxReaderTests
{
    public static TheoryData<string, string> Lists => new()
    {
        { """{"name":"Ann","address":"ann@x.example"}""", "Ann <ann@x.example>" },
        { """[{"name":"Ann","address":"ann@x.example"},{"address":"bob@x.example"}]""", "Ann <ann@x.example>; <bob@x.example>" },
        { "\"ann@x.example\"", "<ann@x.example>" },
        { """["ann@x.example","Bob <bob@x.example>"]""", "<ann@x.example>; <bob@x.example>" },
        { """{"name":"Team","group":[{"address":"ann@x.example"},{"name":"Bob","address":"bob@x.example"}]}""", "<ann@x.example>; Bob <bob@x.example>" },
        { """[{"name":"undisclosed-recipients","group":[]}]""", "" },
        { """{"name":"A","group":[{"name":"B","group":[{"address":"ann@x.example"}]}]}""", "<ann@x.example>" },
        { """{"name":"Only a name"}""", "Only a name <>" },
        { """{"name":"ceo@bank.example","address":"evil@x.example"}""", "ceo@bank.example <evil@x.example>" },
        { """{"name":"Doe, John","address":"john@x.example"}""", "Doe, John <john@x.example>" },
        { """{"name":"a\u0000b","address":"\ud800@x.example"}""", "a\uFFFDb <\uFFFD@x.example>" },
        { """{"name":"","address":""}""", "" },
        { """{"name":" ","address":"\t"}""", "" },
        { """{"name":7,"address":8}""", "7 <8>" },
        { """{"address":["ann@x.example"],"name":{"first":"Ann"}}""", "" },
        { "[]", "" },
        { "{}", "" },
        { "null", "" },
        { "false", "" },
        { """[null,[],["deep@x.example"],{},1,true,{"address":"ann@x.example"}]""", "<ann@x.example>" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Mailboxes_are_found_in_whatever_stands_there(string json, string expected) =>
        Assert.Equal(expected, string.Join("; ", Webhook.DecodeMail($"\"to\":{json}").Participants.To.Select(mailbox => $"{mailbox.Name} <{mailbox.Address}>".TrimStart())));

    [Theory]
    [InlineData("\"Doe, Ann\" <ann@x.example>", "ann@x.example")]
    [InlineData("ceo@bank.example <evil@x.example>", "evil@x.example")]
    [InlineData("<first@x.example> <last@x.example>", "last@x.example")]
    [InlineData("ann@x.example", "ann@x.example")]
    [InlineData("> ann@x.example <", "> ann@x.example <")]
    [InlineData("<>", "")]
    [InlineData(null, null)]
    public void The_address_of_an_unparsed_header_is_in_its_last_brackets(string? header, string? expected) => Assert.Equal(expected, MailboxText.AddressIn(header));

    [Fact]
    public void Who_is_named_survives_the_database()
    {
        const string Json = """{"from":[{"name":"\"Ann\" \\ <b>","address":"ann@x.example"}],"to":[{"name":"","address":"用户@例え.jp"}],"replyTo":[{"name":"R","address":""}]}""";

        Assert.Equal(Json, Participants.FromJson(Json).ToJson());
        Assert.Equal("{}", Participants.FromJson("""{"of a later version":[{"name":"x"}]}""").ToJson());
    }
}
