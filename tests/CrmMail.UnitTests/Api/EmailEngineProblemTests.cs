using CrmMail.Api.EmailEngine;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api;

/// <summary>What EmailEngine's errors, as it was seen to answer them, are to a caller of the Api.</summary>
public sealed class EmailEngineProblemTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, """{"statusCode":400,"error":"Bad Request","message":"Invalid input","fields":[{"message":"\"to[0].address\" must be a valid email","key":"address"},{"message":"\"sendAt\" must be in ISO 8601 date format","key":"sendAt"}]}""",
        "emailengine-refused 400 to[0].address: It must be a valid email. | sendAt: It must be in ISO 8601 date format.")]
    [InlineData(400, """{"statusCode":400,"message":"Invalid input","fields":[{"message":"\"imap.sentMailPath\" must be a string","key":"sentMailPath"}]}""", "emailengine-refused 400 path: It must be a string.")]
    [InlineData(400, """{"statusCode":400,"message":"Invalid input","fields":[{"message":"\"reference.message\" is too long","key":"message"}]}""", "emailengine-refused 400 replyToActivity: It is too long.")]
    [InlineData(400, """{"statusCode":400,"message":"Invalid input","fields":[{"message":"no path at all","key":"email"}]}""", "emailengine-refused 400 email: no path at all")]
    [InlineData(400, """{"statusCode":400,"message":"Invalid input","fields":[{"message":"\"messageId\" is wrong","key":"messageId"}]}""", "emailengine-refused 400")]
    [InlineData(400, """{"statusCode":400,"error":"Bad Request","message":"Invalid request payload JSON format"}""", "emailengine-refused 400")]
    [InlineData(404, """{"statusCode":404,"error":"Not Found","message":"Account record was not found for requested ID"}""", "account-not-found 404")]
    [InlineData(404, """{"statusCode":404,"message":"SMTP configuration not found","code":"SMTPUnavailable"}""", "emailengine-refused 400")]
    [InlineData(413, """{"statusCode":413,"message":"Payload content length greater than maximum allowed: 52428800"}""", "body-too-large 413")]
    [InlineData(401, """{"statusCode":401,"error":"Unauthorized","message":"Bad token"}""", "emailengine-unavailable 503")]
    [InlineData(403, """{"statusCode":403,"message":"Unauthorized scope"}""", "emailengine-unavailable 503")]
    [InlineData(500, """{"statusCode":500,"message":"An internal server error occurred"}""", "emailengine-unavailable 503")]
    [InlineData(502, "<html>Bad Gateway</html>", "emailengine-unavailable 503")]
    [InlineData(504, """{"statusCode":504,"message":"Timeout waiting for command response [T2]","code":"Timeout"}""", "emailengine-unavailable 503")]
    [InlineData(503, """{"statusCode":503,"message":"not ready"}""", "emailengine-unavailable 503")]
    [InlineData(503, """{"statusCode":503,"message":"IMAP connection is currently not available for requested account","code":"IMAPUnavailable"}""", "mailbox-unavailable 503")]
    [InlineData(503, """{"statusCode":503,"message":"Not yet","code":"NotYetConnected","state":"init"}""", "mailbox-unavailable 503")]
    [InlineData(200, "no JSON", "emailengine-unavailable 503")]
    [InlineData(200, "null", "emailengine-unavailable 503")]
    public async Task An_error_is_the_problem_that_a_caller_can_do_something_about(int status, string body, string expected)
    {
        var problem = await ProblemOfAsync(() => ScriptedEmailEngine.Answer(status, body));
        Assert.Equal(expected, Describe(problem));
    }

    [Fact]
    public async Task A_rate_limit_tells_when_it_ends()
    {
        var problem = await ProblemOfAsync(() => ScriptedEmailEngine.Answer(429, """{"statusCode":429,"message":"Rate limit exceeded","ttl":37}"""));
        Assert.Equal(("emailengine-rate-limited 429", TimeSpan.FromSeconds(37)), (Describe(problem), problem.RetryAfter));
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(Polly.Timeout.TimeoutRejectedException))]
    [InlineData(typeof(Polly.CircuitBreaker.BrokenCircuitException))]
    public async Task No_answer_is_worth_another_try(Type failure)
    {
        var problem = await ProblemOfAsync(() => throw (Exception)Activator.CreateInstance(failure)!);
        Assert.Equal(("emailengine-unavailable 503", TimeSpan.FromSeconds(5)), (Describe(problem), problem.RetryAfter));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_is_no_failure_of_EmailEngine()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(200, "{}"));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Connect().GetAccountAsync(AccountId.Parse("amy"), gone.Token));
        Assert.Empty(engine.Log.Text);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_for_the_operator_to_see()
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, () => ScriptedEmailEngine.Answer(401, """{"statusCode":401,"message":"Bad token"}"""));
        await Assert.ThrowsAsync<EmailEngineException>(() => engine.Connect().GetAccountAsync(AccountId.Parse("amy"), Cancel));
        Assert.Contains("Error 421", engine.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<Problem> ProblemOfAsync(Func<HttpResponseMessage> answer)
    {
        using var engine = new ScriptedEmailEngine(TimeProvider.System, answer);
        return EmailEngineProblems.Of(await Assert.ThrowsAsync<EmailEngineException>(() => engine.Connect().GetAccountAsync(AccountId.Parse("amy"), Cancel)));
    }

    private static string Describe(Problem problem) =>
        $"{problem.Kind.Name} {problem.Kind.Status} {string.Join(" | ", problem.Faults?.ToErrors().Select(error => $"{error.Key}: {string.Join(' ', error.Value)}") ?? [])}".TrimEnd();
}
