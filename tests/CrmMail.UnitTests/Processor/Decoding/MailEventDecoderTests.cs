using System.Text;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MailEventDecoderTests
{
    [Theory]
    [InlineData("messageNew", nameof(SeenMail))]
    [InlineData("messageSent", nameof(DeliveredMail))]
    [InlineData("messageBounce", "Bounced")]
    [InlineData("messageFailed", "Failed")]
    [InlineData("messageDeliveryError", "Queued")]
    [InlineData("accountAdded", "Init")]
    [InlineData("accountInitialized", "Connected")]
    [InlineData("authenticationSuccess", "Connected")]
    [InlineData("authenticationError", "AuthenticationError")]
    [InlineData("connectError", "ConnectError")]
    [InlineData("accountDeleted", "Deleted")]
    [InlineData("messageDeleted", "MailboxChange")]
    [InlineData("messageUpdated", "MailboxChange")]
    [InlineData("messageMissing", "MailboxChange")]
    [InlineData("mailboxReset", "MailboxChange")]
    [InlineData("mailboxNew", "MailboxChange")]
    [InlineData("mailboxDeleted", "MailboxChange")]
    [InlineData("messageComplaint", "NotTracked")]
    [InlineData("trackOpen", "NotTracked")]
    [InlineData("trackClick", "NotTracked")]
    [InlineData("listUnsubscribe", "NotTracked")]
    [InlineData("listSubscribe", "NotTracked")]
    [InlineData("exportCompleted", "NotTracked")]
    [InlineData("exportFailed", "NotTracked")]
    [InlineData("somethingOfNextYear", "UnknownEvent")]
    [InlineData("MESSAGENEW", "UnknownEvent")]
    [InlineData("42", "UnknownEvent")]
    public void Every_event_is_known_or_skipped_with_its_name(string name, string meaning)
    {
        var decoded = Webhook.Decode(Webhook.Of(name, ""));

        Assert.Equal(name, decoded.Name);
        Assert.Equal(Webhook.Account, decoded.Account.Value);
        Assert.Equal(meaning, decoded.Content switch
        {
            FailedDelivery failed => failed.Status.ToString(),
            AccountChange change => change.State.ToString(),
            UntrackedEvent untracked => untracked.Reason.ToString(),
            var content => content.GetType().Name,
        });
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "", nameof(DeadLetterReason.Decode) },
        { " \r\n", nameof(DeadLetterReason.Decode) },
        { "null", nameof(DeadLetterReason.Decode) },
        { "[]", nameof(DeadLetterReason.Decode) },
        { "\"account\"", nameof(DeadLetterReason.Decode) },
        { "{", nameof(DeadLetterReason.Decode) },
        { """{"account":"amy","event":"messageNew","data":{"subject":"cut""", nameof(DeadLetterReason.Decode) },
        { """{"account":"amy","event":"accountAdded"} and more""", nameof(DeadLetterReason.Decode) },
        { """{"account":"amy","event":"accountAdded"}{}""", nameof(DeadLetterReason.Decode) },
        { "{\"account\":\"amy\",\"event\":\"accountAdded\",\"data\":{\"subject\":\"\u0007\"}}", nameof(DeadLetterReason.Decode) },
        { "{'account':'amy'}", nameof(DeadLetterReason.Decode) },
        { """{"account":"amy","event":"accountAdded","data":"\x"}""", nameof(DeadLetterReason.Decode) },
        { """{"account":"amy","event":"accountAdded","\ud800":1}""", nameof(DeadLetterReason.Decode) },
        { $$$"""{"account":"amy","event":"accountAdded","data":{{{Nested(600)}}}}""", nameof(DeadLetterReason.Decode) },
        { "{}", nameof(DeadLetterReason.Schema) },
        { """{"event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":null,"event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"","event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"a\nb","event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":{"id":"amy"},"event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { $$"""{"account":"{{new string('a', 257)}}","event":"accountAdded"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy","event":""}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy","event":["messageNew"]}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy","event":"messageNew"}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy","event":"messageNew","data":null}""", nameof(DeadLetterReason.Schema) },
        { """{"account":"amy","event":"messageNew","data":[{"messageId":"<1@x>"}]}""", nameof(DeadLetterReason.Schema) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_says_nothing_is_a_dead_letter_with_the_reason(string body, string reason) =>
        Assert.Equal(reason, Assert.Throws<BadRecordException>(() => Webhook.Decode(body)).Reason.ToString());

    [Theory]
    [InlineData(65)]
    [InlineData(500)]
    public void Depth_alone_is_no_fault(int depth) =>
        Assert.Equal("deep", Webhook.DecodeMail($$$"""  "subject":"deep","headers":{"x":{{{Nested(depth)}}}}  """).Text.Subject);

    [Fact]
    public void A_byte_order_mark_is_no_fault() =>
        Assert.Equal("accountAdded", MailEventDecoder.Decode([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Webhook.Of("accountAdded", ""))], Webhook.ReceivedAt).Name);

    [Fact]
    public void Of_a_member_that_is_there_twice_the_last_one_counts()
    {
        var mail = Webhook.DecodeMail(
            """
            "subject":"first","from":{"address":"first@x.example"},"messageId":"<first@x>","draft":true,
            "subject":"last","from":{"address":"last@x.example"},"messageId":"<last@x>","draft":false
            """);

        Assert.Equal("last", mail.Text.Subject);
        Assert.Equal("last@x.example", Assert.Single(mail.Participants.From).Address);
        Assert.Equal("last@x", mail.Identity.MessageId);
        Assert.False(mail.Folder.IsDraft);
    }

    public static TheoryData<string> Missing => [.. EventNames.SelectMany(name => new[]
    {
        $$"""{"account":"amy","event":"{{name}}"}""",
        $$$"""{"account":"amy","event":"{{{name}}}","date":null,"path":7,"data":{}}""",
        Webhook.Of(name, string.Join(',', Members.Select(member => $"\"{member}\":null"))),
        Webhook.Of(name, string.Join(',', Members.Select(member => $"\"{member}\":\"\""))),
        Webhook.Of(name, string.Join(',', Members.Select(member => $"\"{member}\":[[],{{}},null,1.5e300,\"\\ud800\"]"))),
        Webhook.Of(name, string.Join(',', Members.Select(member => $"\"{member}\":{{\"address\":{{}},\"group\":7,\"plain\":[],\"to\":null,\"references\":{{}}}}"))),
    })];

    [Theory]
    [MemberData(nameof(Missing))]
    public void Whatever_is_missing_or_of_another_type_an_event_is_read_or_put_aside(string body) => AssertReadOrPutAside(Encoding.UTF8.GetBytes(body));

    [Fact]
    public void Bytes_that_were_cut_or_changed_are_read_or_put_aside()
    {
        var random = new Random(4711);
        foreach (var (_, body) in Recording.All)
        {
            for (var n = 0; n < 300; n++)
            {
                var changed = (byte[])body.Clone();
                for (var change = random.Next(1, 4); change > 0; change--)
                {
                    changed[random.Next(changed.Length)] = (byte)random.Next(256);
                }

                AssertReadOrPutAside(changed);
                AssertReadOrPutAside(body.AsSpan(0, random.Next(body.Length)));
            }
        }
    }

    private static IReadOnlyList<string> EventNames =>
        ["messageNew", "messageSent", "messageBounce", "messageFailed", "messageDeliveryError", "authenticationSuccess", "authenticationError", "connectError", "messageDeleted", "x"];

    private static IReadOnlyList<string> Members =>
    [
        "id", "path", "specialUse", "messageSpecialUse", "labels", "flags", "draft", "messageId", "originalMessageId", "emailId", "from", "to", "cc", "bcc",
        "replyTo", "sender", "subject", "date", "inReplyTo", "isAutoReply", "isBounce", "attachments", "headers", "text", "queueId", "response", "error",
        "recipient", "user", "envelope", "unheard-of",
    ];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static void AssertReadOrPutAside(ReadOnlySpan<byte> body)
    {
        try
        {
            var decoded = MailEventDecoder.Decode(body, Webhook.ReceivedAt);
            Assert.True(SafeText.IsSafe(decoded.Name));
            if (decoded.Content is SeenMail mail)
            {
                Assert.True(SafeText.IsSafe(mail.Text.Subject) && SafeText.IsSafe(mail.Text.Opening) && SafeText.IsSafe(mail.Participants.ToJson()));
            }
        }
        catch (BadRecordException bad)
        {
            Assert.DoesNotContain("@", bad.Message, StringComparison.Ordinal);
        }
    }
}
