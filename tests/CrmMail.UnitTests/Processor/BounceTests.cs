using System.Text;
using CrmMail.Contracts;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor;

public sealed class BounceTests
{
    [Theory]
    [InlineData("\"failed\"", true)]
    [InlineData("\"Failed (expired)\"", true)]
    [InlineData("null", true)]
    [InlineData("\"delayed\"", false)]
    [InlineData("\"delivered\"", false)]
    [InlineData("\"relayed\"", false)]
    [InlineData("\"expanded\"", false)]
    public void Only_a_mail_that_came_back_has_bounced(string action, bool hasBounced)
    {
        var body = $$$"""{"account":"amy","event":"messageBounce","data":{"messageId":"<1@example.com>","recipient":"bob@example.org","action":{{{action}}}}}""";

        var content = MailEventDecoder.Decode(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Content;

        Assert.Equal(hasBounced, content is FailedDelivery { Status: SentStatus.Bounced });
        Assert.Equal(!hasBounced, content is UntrackedEvent { Reason: SkipReason.NotTracked });
    }
}
