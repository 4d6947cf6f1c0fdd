using CrmMail.Contracts;
using CrmMail.Processor.Writing;
using CrmMail.UnitTests.Processor.Matching;

namespace CrmMail.UnitTests.Processor.Privacy;

/// <summary>What of a mail comes as far as to be written.</summary>
public sealed class StoredTextTests
{
    private const string Card = "4111 1111 1111 1111";
    private const string Keys = "\"messageId\":\"<1@corp.example>\"";
    private const string FromAmy = "\"from\":{\"name\":\"Amy " + Card + "\",\"address\":\"amy@corp.example\"}";
    private const string ToAnn = "\"to\":[{\"name\":\"Ann\",\"address\":\"ann@customer.example\"}]";

    private readonly MailBook _book = new(maxLinkedContacts: 100, new Redactor(new RedactionOptions { Patterns = { "C-[0-9]{6}" } }));

    public StoredTextTests()
    {
        _book.AddAccount(new AccountRow(Webhook.Account, DateTime.MinValue, -1, null, null));
        _book.FreeIds.Enqueue(1);
    }

    [Fact]
    public void Subject_snippet_and_names_are_redacted_and_addresses_stay()
    {
        var content = Apply(Webhook.New("Sent", $$"""{{Keys}},"subject":"C-123456 and {{Card}}","text":{"plain":"DE89 3704 0044 0532 0130 00"},{{FromAmy}},{{ToAnn}}""")).NewContent!;

        Assert.Equal(("[redacted] and [redacted]", "[redacted]"), (content.Subject, content.Snippet));
        Assert.Equal("Amy [redacted] amy@corp.example", string.Join(' ', content.Participants.From.Select(author => $"{author.Name} {author.Address}")));
    }

    /// <summary>Where the snippet ends in the middle of a number, half of it would be no card number any more.</summary>
    [Theory]
    [InlineData(235)]
    [InlineData(239)]
    public void A_number_is_seen_to_its_end_before_the_snippet_is_cut(int before)
    {
        var words = new string('x', before - 1) + " ";

        Assert.Equal((words + "[redacted]")[..240], Apply(Webhook.New("Sent", $$"""{{Keys}},"text":{"plain":"{{words}}{{Card}} and more"},{{FromAmy}},{{ToAnn}}""")).NewContent!.Snippet);
    }

    [Theory]
    [InlineData(StorageLevel.Metadata, "[]")]
    [InlineData(StorageLevel.Subject, """[{"name":"[redacted].pdf"}]""")]
    [InlineData(StorageLevel.Snippet, """[{"name":"[redacted].pdf"}]""")]
    public void Names_of_files_are_redacted_and_go_where_subjects_go(StorageLevel level, string stored)
    {
        _book.SetStorageLevel(Webhook.Account, level);

        var content = Apply(Webhook.New("Sent", $$"""{{Keys}},"attachments":[{"filename":"{{Card}}.pdf"}],{{FromAmy}},{{ToAnn}}""")).NewContent!;

        Assert.Equal((stored, 1), (content.Attachments.ToJson(), content.AttachmentCount));
    }

    [Fact]
    public void A_copy_that_completes_a_mail_is_redacted_too()
    {
        Apply(Webhook.Of("messageSent", $$"""{{Keys}},"queueId":"q","envelope":{"from":"amy@corp.example","to":["ann@customer.example"]}"""));
        var mail = Apply(Webhook.New("Sent", $$"""{{Keys}},"subject":"{{Card}}",{{FromAmy}},{{ToAnn}}"""));

        Assert.Equal(("[redacted]", true), (mail.NewContent!.Subject, mail.NewContent.IsComplete));
    }

    [Fact]
    public void What_servers_say_is_redacted()
    {
        Apply(Webhook.Of("messageBounce", $$"""{{Keys}},"recipient":"ann@customer.example","error":"no {{Card}} here" """));
        Apply(Webhook.Of("authenticationError", """ "response":"password: hunter2" """));

        Assert.Equal("ann@customer.example: no [redacted] here", Assert.Single(_book.NewReports).Value.Detail);
        Assert.Equal("password: [redacted]", Assert.Single(_book.Accounts).NewError!.Value.Error);
    }

    private Mail Apply(string json)
    {
        var item = Webhook.Item(json);
        World.Match(item);
        _book.Apply(item);
        return _book.Mails.SingleOrDefault()!;
    }
}
