using CrmMail.Api.Access;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Builder;

namespace CrmMail.UnitTests.Api;

/// <summary>Callers who have shown no key that exists.</summary>
public sealed class UnknownCallerTests
{
    private const string Key = "a-key-that-is-long-enough-to-be-one";

    [Fact]
    public async Task Whatever_is_missing_the_answer_is_the_same()
    {
        await using var api = await StartAsync();
        var answers = new List<ApiAnswer>();
        foreach (var token in new[] { null, "", "Bearer", "Bearer ", "Bearer short", $"Basic {Key}", Key, $"Bearer {new string('a', 10_000)}" })
        {
            answers.Add(await api.GetAsync("/guarded", token));
        }

        Assert.All(answers, answer =>
        {
            Assert.Equal((401, "unauthenticated", "application/problem+json"), (answer.Status, answer.ProblemType, answer.ContentType));
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            Assert.Equal(WithoutTrace(answers[0]), WithoutTrace(answer));
        });
    }

    [Fact]
    public async Task A_key_that_cannot_be_looked_up_is_not_refused_but_the_database_is_named()
    {
        await using var api = await StartAsync();
        var answer = await api.GetAsync("/guarded", $"Bearer {Key}");
        Assert.Equal((503, "database-unavailable"), (answer.Status, answer.ProblemType));
        Assert.DoesNotContain(Key, api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_may_try_a_few_times_and_then_has_to_wait()
    {
        await using var api = await StartAsync(("Access:UnknownRequestBurst", "3"), ("Access:UnknownRequestsPerSecond", "1"));
        for (var tries = 0; tries < 3; tries++)
        {
            Assert.Equal(401, (await api.GetAsync("/guarded")).Status);
        }

        var refused = await api.GetAsync("/guarded", $"Bearer {Key}");
        Assert.Equal((429, "rate-limited"), (refused.Status, refused.ProblemType));
        Assert.Equal(1, refused.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private static Task<RunningApi> StartAsync(params (string Key, string Value)[] configuration) =>
        RunningApi.StartAsync(app => app.MapGroup("/").RequireScope(ApiScope.Crm).MapGet("/guarded", () => "in"), configuration);

    private static string WithoutTrace(ApiAnswer answer) =>
        string.Join(' ', answer.Json.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString()));
}
