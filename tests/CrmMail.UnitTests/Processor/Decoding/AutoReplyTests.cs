namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class AutoReplyTests
{
    [Theory]
    [InlineData("""  "headers":{"auto-submitted":["auto-replied"]}  """, true)]
    [InlineData("""  "headers":{"auto-submitted":["auto-generated"]}  """, true)]
    [InlineData("""  "headers":{"Auto-Submitted":["auto-notified; owner-email=\"a@x\""]}  """, true)]
    [InlineData("""  "headers":{"auto-submitted":["no"]}  """, false)]
    [InlineData("""  "headers":{"auto-submitted":[" NO ; x=y"]},"isAutoReply":true  """, false)] // the header knows better
    [InlineData("""  "headers":{"auto-submitted":"auto-replied"}  """, true)]
    [InlineData("""  "headers":{"precedence":["auto_reply"]}  """, true)]
    [InlineData("""  "headers":{"precedence":["bulk"]}  """, false)]
    [InlineData("""  "headers":{"x-autoreply":["yes"]}  """, true)]
    [InlineData("""  "headers":{"x-autorespond":["Out of office"]}  """, true)]
    [InlineData("""  "headers":{"x-autoreply":[]}  """, false)]
    [InlineData("""  "isAutoReply":true  """, true)]
    [InlineData("""  "isBounce":true  """, true)]
    [InlineData("""  "isAutoReply":"true"  """, false)]
    [InlineData("""  "headers":{"list-id":["<list.x>"]}  """, false)] // a human wrote to a list
    [InlineData("""  "headers":[]  """, false)]
    [InlineData("""  "headers":null  """, false)]
    public void A_machine_is_known_by_its_headers(string members, bool isAutoReply) =>
        Assert.Equal(isAutoReply, Webhook.DecodeMail(members).Text.IsAutoReply);
}
