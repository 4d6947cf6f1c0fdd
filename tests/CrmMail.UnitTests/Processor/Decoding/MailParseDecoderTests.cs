using System.Globalization;
using System.Text;
using CrmMail.Contracts;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MailParseDecoderTests
{
    private const string Whole = """
        {
            "message_id": "<2@customer.example>",
            "thread": {"in_reply_to": "<1@corp.example>", "references": ["<0@corp.example>", "<1@corp.example>"]},
            "envelope": {
                "from": {"email": "Ann@Customer.example", "name": "Ann Smith"},
                "to": [{"email": "support@corp.example", "name": "Support"}, {"email": "amy@corp.example", "name": null}],
                "cc": [{"email": "bob@customer.example"}],
                "reply_to": [{"email": "desk@customer.example", "name": "Desk"}]
            },
            "subject": "Re: Your offer",
            "text": "Thank you,\r\n we take it.",
            "html": "<p>Never looked at</p>",
            "attachments": [{"filename": "order.pdf", "content_type": "application/pdf", "size": 1024, "url": "https://files.example/1"}, {}],
            "spam": {"score": -0.5, "flag": false},
            "auth": {"spf": "pass", "dkim": "pass"},
            "received_at": "2026-06-01T11:58:00.1234567Z"
        }
        """;

    [Fact]
    public void A_mail_is_what_it_would_be_in_a_mailbox_but_in_no_folder()
    {
        var told = TeamMail.Decode(Whole);
        var mail = Assert.IsType<SeenMail>(told.Content);

        Assert.Equal(("mail", TeamMail.Inbox, mail.OccurredAt), (told.Name, told.Account.Value, told.At));
        Assert.Equal("2026-06-01T11:58:00.123456Z", mail.OccurredAt.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));
        Assert.Equal("2@customer.example", mail.Identity.MessageId);
        Assert.Equal([KeyOf("2@customer.example")], mail.Identity.Keys.ToArray());
        Assert.Equal(("Re: Your offer", "Thank you, we take it.", 2), (mail.Text.Subject, mail.Text.Opening, mail.Text.Attachments.Count));
        Assert.Equal(("1@corp.example", KeyOf("0@corp.example")), (mail.Text.InReplyTo, mail.Text.ThreadKey));
        Assert.Equal(
            """{"from":[{"name":"Ann Smith","address":"Ann@Customer.example"}],"to":[{"name":"Support","address":"support@corp.example"},{"name":"","address":"amy@corp.example"}],"cc":[{"name":"","address":"bob@customer.example"}],"replyTo":[{"name":"Desk","address":"desk@customer.example"}]}""",
            mail.Participants.ToJson());
        Assert.Equal((null, null, null, false), (mail.Folder.RemoteId, mail.Folder.Path, mail.Folder.SpecialUse, mail.Folder.IsDraft));
    }

    public static TheoryData<string> Odd => new()
    {
        "",
        """ "message_id":null,"thread":null,"envelope":null,"subject":null,"text":null,"html":null,"attachments":null,"spam":null,"auth":null,"received_at":null """,
        """ "thread":{"in_reply_to":null,"references":null},"envelope":{"from":null,"to":null,"cc":null,"reply_to":null},"spam":{"score":null,"flag":null},"auth":{"spf":null,"dkim":null} """,
        """ "thread":{"references":[null,"","Your message of Monday","<>"]},"envelope":{"from":{},"to":[null,{},{"email":"","name":""}]},"attachments":[] """,
        """ "message_id":" ","received_at":"Thu, 32 Foo 2026","subject":"","spam":{"flag":true},"auth":{"spf":"whatever"} """,
        """ "attachments":[],"spam":{"score":-1.5} """,
        """ "future":{"deep":[{"a":[1]}]},"envelope":{"bcc":7,"from":{"id":9}},"attachments":[{"sha256":[]}],"thread":{"id":1},"spam":{"rules":{}},"auth":{"arc":[]} """,
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void What_is_missing_or_odd_is_data(string members)
    {
        var mail = TeamMail.DecodeMail(members);

        Assert.True(mail.Identity.IsEmpty);
        Assert.Equal((TeamMail.ReceivedAt.UtcDateTime, "{}"), (mail.OccurredAt, mail.Participants.ToJson()));
        Assert.Equal(("", "", null, null), (mail.Text.Subject, mail.Text.Opening, mail.Text.InReplyTo, mail.Text.ThreadKey));
    }

    [Theory]
    [InlineData(""" "message_id":7 """, "message_id")]
    [InlineData(""" "message_id":["<1@x>"] """, "message_id")]
    [InlineData(""" "subject":{} """, "subject")]
    [InlineData(""" "text":["a"] """, "text")]
    [InlineData(""" "text":"a","html":1 """, "html")]
    [InlineData(""" "received_at":1764590000 """, "received_at")]
    [InlineData(""" "thread":"<1@x>" """, "thread")]
    [InlineData(""" "thread":{"in_reply_to":["<1@x>"]} """, "thread.in_reply_to")]
    [InlineData(""" "thread":{"references":"<1@x> <2@x>"} """, "thread.references")]
    [InlineData(""" "thread":{"references":["<1@x>",2]} """, "thread.references[1]")]
    [InlineData(""" "envelope":[] """, "envelope")]
    [InlineData(""" "envelope":{"from":"ann@x.example"} """, "envelope.from")]
    [InlineData(""" "envelope":{"from":{"email":true}} """, "envelope.from.email")]
    [InlineData(""" "envelope":{"to":{"email":"ann@x.example"}} """, "envelope.to")]
    [InlineData(""" "envelope":{"to":[{},"ann@x.example"]} """, "envelope.to[1]")]
    [InlineData(""" "envelope":{"cc":[{"email":{}}]} """, "envelope.cc[0].email")]
    [InlineData(""" "envelope":{"reply_to":[{},{},{"name":3}]} """, "envelope.reply_to[2].name")]
    [InlineData(""" "attachments":{} """, "attachments")]
    [InlineData(""" "attachments":[{},[]] """, "attachments[1]")]
    [InlineData(""" "attachments":[{"filename":1}] """, "attachments[0].filename")]
    [InlineData(""" "attachments":[{"content_type":1}] """, "attachments[0].content_type")]
    [InlineData(""" "attachments":[{"size":"1 MB"}] """, "attachments[0].size")]
    [InlineData(""" "attachments":[{"size":-1}] """, "attachments[0].size")]
    [InlineData(""" "attachments":[{"size":1.5}] """, "attachments[0].size")]
    [InlineData(""" "attachments":[{"url":false}] """, "attachments[0].url")]
    [InlineData(""" "spam":true """, "spam")]
    [InlineData(""" "spam":{"score":"5"} """, "spam.score")]
    [InlineData(""" "spam":{"flag":"yes"} """, "spam.flag")]
    [InlineData(""" "auth":"pass" """, "auth")]
    [InlineData(""" "auth":{"spf":{}} """, "auth.spf")]
    [InlineData(""" "auth":{"dkim":[]} """, "auth.dkim")]
    public void What_breaks_the_contract_is_a_dead_letter_with_the_path_and_nothing_of_the_mail(string members, string path)
    {
        var refused = Assert.Throws<BadRecordException>(() => TeamMail.Decode($"{{{members}}}"));

        Assert.Equal(DeadLetterReason.Schema, refused.Reason);
        Assert.StartsWith($"\"{path}\" is neither ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(" nor null.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1024.0")]
    [InlineData("1e3")]
    [InlineData("123456789012345678901234567890")]
    public void A_size_is_any_whole_number(string size) =>
        Assert.Equal(1, TeamMail.DecodeMail($$"""  "attachments":[{"size":{{size}}}]  """).Text.Attachments.Count);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"subject":"cut""")]
    [InlineData("""{"subject":"a"} and more""")]
    [InlineData("""{"envelope":{"\ud800":1}}""")]
    public void What_is_no_json_is_a_dead_letter(string body) =>
        Assert.Equal(DeadLetterReason.Decode, Assert.Throws<BadRecordException>(() => TeamMail.Decode(body)).Reason);

    [Theory]
    [InlineData("amy")]
    [InlineData("mailparse:")]
    [InlineData("MailParse:support")]
    [InlineData("mailparse:a\nb")]
    [InlineData("")]
    public void A_key_that_is_no_inbox_is_a_dead_letter(string key) =>
        Assert.Equal(DeadLetterReason.Schema, Assert.Throws<BadRecordException>(() => TeamMail.Decode("{}", key: key)).Reason);

    [Fact]
    public void An_event_of_next_year_is_skipped_by_its_name()
    {
        var told = TeamMail.Decode("{}", "mail.read");

        Assert.Equal(("mail.read", SkipReason.UnknownEvent), (told.Name, Assert.IsType<UntrackedEvent>(told.Content).Reason));
    }

    [Theory]
    [InlineData("""["<a@x>","<b@x>"]""", "a@x")]
    [InlineData("""["a@x","b@x"]""", "a@x")]
    [InlineData("""["Your message of Monday","<b@x>"]""", "b@x")]
    [InlineData("""["<a@x> <b@x>"]""", "a@x")]
    [InlineData("""[null,"","<b@x>"]""", "b@x")]
    [InlineData("[]", "parent@x")]
    public void The_first_reference_that_is_an_id_is_the_root_else_the_mail_that_is_answered(string references, string root) =>
        Assert.Equal(KeyOf(root), TeamMail.DecodeMail($$"""  "message_id":"<m@x>","thread":{"in_reply_to":"Your message <parent@x>","references":{{references}}}  """).Text.ThreadKey);

    [Fact]
    public void Ten_thousand_references_are_read_once()
    {
        var references = string.Join(',', Enumerable.Range(0, 10_000).Select(n => $"\"<{n}@x>\""));
        Assert.Equal(KeyOf("0@x"), TeamMail.DecodeMail($$"""  "thread":{"references":[{{references}}]}  """).Text.ThreadKey);
    }

    [Theory]
    [InlineData(""" "text":"","html":"<style>p{}</style><p>From &lt;html&gt;</p>" """, "From <html>")]
    [InlineData(""" "html":"<p>html</p>","text":"plain" """, "plain")]
    [InlineData(""" "text":"a\u0000b\ud800c" """, "a\ufffdb\ufffdc")]
    public void The_snippet_is_of_the_text_else_of_the_html_and_safe_to_store(string members, string snippet) =>
        Assert.Equal(snippet, TeamMail.DecodeMail(members).Text.Opening);

    [Fact]
    public void Of_a_member_that_is_there_twice_the_last_one_counts()
    {
        var mail = TeamMail.DecodeMail(
            """
            "subject":"first","envelope":{"from":{"email":"first@x.example"},"to":[{"email":"first@x.example"}]},"message_id":"<first@x>",
            "subject":"last","envelope":{"from":{"email":"last@x.example"},"to":[{"email":"last@x.example"}]},"message_id":"<last@x>"
            """);

        Assert.Equal(("last", "last@x"), (mail.Text.Subject, mail.Identity.MessageId));
        Assert.Equal(("last@x.example", "last@x.example"), (Assert.Single(mail.Participants.From).Address, Assert.Single(mail.Participants.To).Address));
    }

    [Theory]
    [InlineData("Ann <ann@x.example>", "ann@x.example")]
    [InlineData("用户@例え.jp", "用户@例え.jp")]
    [InlineData("not an address", "not an address")]
    public void An_address_is_kept_as_it_is_or_taken_out_of_its_brackets(string email, string address) =>
        Assert.Equal(address, Assert.Single(TeamMail.DecodeMail($$$"""  "envelope":{"from":{"email":"{{{email}}}"}}  """).Participants.From).Address);

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        byte[] body = [.. Encoding.UTF8.Preamble, .. "{\"subject\":\""u8, 0xC1, 0xBE, .. "\"}"u8];
        var told = MailParseDecoder.Decode("mail", Encoding.UTF8.GetBytes(TeamMail.Inbox), body, TeamMail.ReceivedAt);

        Assert.Equal("\ufffd\ufffd", Assert.IsType<SeenMail>(told.Content).Text.Subject);
    }

    private static MessageKey KeyOf(string messageId)
    {
        Assert.True(MessageKey.TryFromMessageId(messageId, out var key));
        return key;
    }
}
