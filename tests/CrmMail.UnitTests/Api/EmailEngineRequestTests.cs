using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api;

/// <summary>What EmailEngine is asked.</summary>
public sealed class EmailEngineRequestTests
{
    private static readonly AccountId Amy = AccountId.Parse("amy");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_watches_the_Sent_folder_and_asks_for_no_password()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """{"url": "https://engine.example/accounts/new?data=x"}"""));
        var url = await engine.Connect().CreateFormAsync(new FormRequest("amy", "Amy", "amy@example.com", "https://crm.example/done", [@"\Sent"]), Cancel);
        Assert.Equal("https://engine.example/accounts/new?data=x", url);
        Assert.Equal(
            new("POST /v1/authentication/form", null, """{"account":"amy","name":"Amy","email":"amy@example.com","redirectUrl":"https://crm.example/done","subconnections":["\\Sent"]}"""),
            engine.Requests.Single());
    }

    [Fact]
    public async Task The_Sent_folder_is_chosen_without_touching_the_other_IMAP_settings()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """{"account": "amy"}"""));
        await engine.Connect().ChooseSentFolderAsync(Amy, "Sent Messages", Cancel);
        Assert.Equal(new("PUT /v1/account/amy", null, """{"imap":{"partial":true,"sentMailPath":"Sent Messages"}}"""), engine.Requests.Single());
    }

    [Fact]
    public async Task A_mail_goes_with_its_key_and_its_Message_ID()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """
            {"response": "Queued for delivery", "messageId": "<1@example.com>", "queueId": "1a2b", "sendAt": "2026-11-26T13:24:51.944Z", "idempotency": {"key": "k", "status": "MISS"}}
            """));
        var message = new SubmitMessage { MessageId = "<1@example.com>", To = [new(null, "bob@example.org")], Text = "Hello", Reference = new("AAAB", "reply", "<0@example.org>") };
        var answer = await engine.Connect().SubmitAsync(Amy, message, "k", Cancel);
        Assert.Equal(new SubmitAnswer("<1@example.com>", "1a2b", new(2026, 11, 26, 13, 24, 51, 944, TimeSpan.Zero)), answer);
        var request = engine.Requests.Single();
        Assert.Equal(("POST /v1/account/amy/submit", "k"), (request.Line, request.IdempotencyKey));
        Assert.Equal(
            """{"reference":{"message":"AAAB","action":"reply","messageId":"\u003C0@example.org\u003E"},"to":[{"address":"bob@example.org"}],"text":"Hello","messageId":"\u003C1@example.com\u003E"}""",
            request.Body);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("../settings", "..%2Fsettings")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    [InlineData("amy@example.com", "amy%40example.com")]
    [InlineData("%2e%2e", "%252e%252e")]
    public async Task An_account_stays_within_its_segment_of_the_path(string account, string segment)
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """{"deleted": true}"""));
        Assert.True(await engine.Connect().DeleteAccountAsync(AccountId.Parse(account), Cancel));
        Assert.Equal($"DELETE /v1/account/{segment}", engine.Requests.Single().Line);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_account_that_would_be_another_path_is_never_asked_for(string account)
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """{"deleted": true}"""));
        Assert.False(await engine.Connect().DeleteAccountAsync(AccountId.Parse(account), Cancel));
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task A_mail_that_was_given_up_has_no_next_attempt()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, """
            {"queueId": "1a", "account": "amy", "source": "api", "messageId": "<1@example.com>", "envelope": {"from": "a@example.com", "to": ["b@example.org"]}, "subject": null,
             "created": "2026-11-26T13:24:51.964Z", "scheduled": "2027-01-01T09:00:00.000Z", "nextAttempt": false, "attemptsMade": 10, "attempts": 10,
             "progress": {"status": "error", "error": {"message": "550 no", "code": "EMESSAGE", "statusCode": 550}}}
            """));
        var queued = await engine.Connect().FindQueuedAsync("1a", Cancel);
        Assert.Equal((null, 10, "550 no"), (queued!.NextAttempt, queued.AttemptsMade, queued.Progress!.Error!.Message));
    }
}
