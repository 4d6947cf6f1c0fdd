using CrmMail.Api.Messages;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api;

public sealed class OutboundContentTests
{
    [Fact]
    public void What_is_kept_of_a_mail_that_is_sent_is_redacted()
    {
        var request = new MessageRequest { To = [new("ann@customer.example", "4111 1111 1111 1111")], Subject = "pwd: x", Html = "<p>IBAN DE89 3704&nbsp;0044 0532 0130 00</p>" };

        var content = OutboundContent.Of(new Sender("Amy", "amy@corp.example"), request, null, new Redactor(new RedactionOptions()));

        Assert.Equal(("pwd: [redacted]", "IBAN [redacted]"), (content.Subject, content.Snippet));
        Assert.Equal(
            """{"from":[{"name":"Amy","address":"amy@corp.example"}],"to":[{"name":"[redacted]","address":"ann@customer.example"}]}""",
            content.Participants.Replace(",\"cc\":[],\"bcc\":[],\"replyTo\":[]", "", StringComparison.Ordinal));
    }
}
