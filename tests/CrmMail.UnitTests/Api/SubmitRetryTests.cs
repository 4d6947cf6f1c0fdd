using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace CrmMail.UnitTests.Api;

public sealed class SubmitRetryTests
{
    // In milliseconds: time stands still here, so what waits for too long waits for ever.
    private const int HangsAfter = 30_000;

    private static readonly AccountId Amy = AccountId.Parse("amy");
    private static readonly SubmitMessage Message = new() { MessageId = "<1@example.com>" };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfter)]
    [InlineData(429, """{"message":"Rate limit exceeded","ttl":3}""", null, 3)]
    [InlineData(429, """{"message":"Rate limit exceeded"}""", "4", 4)]
    [InlineData(429, """{"message":"Rate limit exceeded"}""", null, 0.5)]
    [InlineData(503, """{"message":"busy"}""", "2", 2)]
    public async Task A_mail_is_sent_again_when_EmailEngine_wants_it_and_not_before(int status, string body, string? retryAfter, double seconds)
    {
        using var engine = Engine(() => Refusal(status, body, retryAfter), Accepted);
        var sending = engine.Connect().SubmitAsync(Amy, Message, "k", Cancel);

        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Single(engine.Requests);

        // Up to a quarter later, so that not all come at once.
        _time.Advance(TimeSpan.FromSeconds(seconds * 0.25) + TimeSpan.FromMilliseconds(2));
        Assert.Equal("1a", (await sending).QueueId);
        Assert.Equal(["k", "k"], engine.Requests.Select(request => request.IdempotencyKey));
    }

    [Fact(Timeout = HangsAfter)]
    public async Task Waits_grow()
    {
        using var engine = Engine(() => Refusal(429, "{}", null), () => Refusal(429, "{}", null), () => Refusal(429, "{}", null), Accepted);
        var sending = engine.Connect().SubmitAsync(Amy, Message, "k", Cancel);
        foreach (var (seconds, requests) in new[] { (0.5, 1), (1.0, 2), (2.0, 3) })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(requests, engine.Requests.Count);
            _time.Advance(TimeSpan.FromSeconds(seconds * 0.25) + TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal("1a", (await sending).QueueId);
    }

    [Theory(Timeout = HangsAfter)]
    [InlineData(20)]
    [InlineData(3600)]
    public async Task What_would_take_longer_than_the_request_may_is_passed_on_at_once(int ttl)
    {
        using var engine = Engine(() => Refusal(429, $$"""{"ttl":{{ttl}}}""", null));
        var refused = await Assert.ThrowsAsync<EmailEngineException>(() => engine.Connect().SubmitAsync(Amy, Message, "k", Cancel));
        Assert.Equal(TimeSpan.FromSeconds(ttl), EmailEngineProblems.Of(refused).RetryAfter);
        Assert.Single(engine.Requests);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task The_request_ends_with_the_last_refusal_when_its_time_is_over()
    {
        using var engine = Engine(() => Refusal(503, """{"message":"busy"}""", "5"));
        var sending = engine.Connect().SubmitAsync(Amy, Message, "k", Cancel);
        for (var seconds = 0; seconds < 20 && !sending.IsCompleted; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var refused = await Assert.ThrowsAsync<EmailEngineException>(() => sending);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);
        Assert.InRange(engine.Requests.Count, 3, 4);
    }

    [Theory(Timeout = HangsAfter)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Nothing_else_is_repeated_for_the_mail_may_be_queued(int status)
    {
        using var engine = Engine(() => Refusal(status, "{}", null), Accepted);
        await Assert.ThrowsAsync<EmailEngineException>(() => engine.Connect().SubmitAsync(Amy, Message, "k", Cancel));
        Assert.Single(engine.Requests);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task An_EmailEngine_that_never_answers_is_left_when_the_time_is_over()
    {
        var retry = new SubmitRetry(Microsoft.Extensions.Options.Options.Create(new EmailEngineOptions()), _time);
        var sending = retry.RunAsync(async cancel => { await Task.Delay(Timeout.InfiniteTimeSpan, cancel); return 0; }, Cancel);
        _time.Advance(TimeSpan.FromSeconds(20));
        var late = await Assert.ThrowsAsync<EmailEngineException>(() => sending);
        Assert.Null(late.Status);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task Who_hangs_up_while_waiting_is_not_kept()
    {
        using var engine = Engine(() => Refusal(429, """{"ttl":3}""", null), Accepted);
        using var hangUp = new CancellationTokenSource();
        var sending = engine.Connect().SubmitAsync(Amy, Message, "k", hangUp.Token);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(engine.Requests);
    }

    private ScriptedEmailEngine Engine(params Func<HttpResponseMessage>[] answers) => new(_time, answers);

    private static HttpResponseMessage Accepted() =>
        ScriptedEmailEngine.Answer(200, """{"messageId":"<1@example.com>","queueId":"1a","sendAt":"2026-11-26T13:24:51.944Z"}""");

    private static HttpResponseMessage Refusal(int status, string body, string? retryAfter) =>
        retryAfter is null ? ScriptedEmailEngine.Answer(status, body) : ScriptedEmailEngine.Answer(status, body, ("Retry-After", retryAfter));
}
