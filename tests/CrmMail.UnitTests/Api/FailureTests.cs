using CrmMail.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CrmMail.UnitTests.Api;

/// <summary>What the caller is not to blame for.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private RunningApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await RunningApi.StartAsync(app =>
    {
        app.MapPost("/unforeseen", (Letter letter) => Fail(letter));
        app.MapGet("/known", () => Problem.Invalid("colour", "There is no such colour."));
        app.MapGet("/thrown", void () => throw new ProblemException(Problem.Invalid("colour", "There is no such colour.")));
        app.MapGet("/database", async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
        });
        app.MapGet("/deadlock", () => Refuse(PostgresErrorCodes.DeadlockDetected));
        app.MapGet("/shutdown", () => Refuse(PostgresErrorCodes.AdminShutdown));
        app.MapGet("/nul", () => Refuse(PostgresErrorCodes.CharacterNotInRepertoire));
        app.MapGet("/constraint", () => Refuse(PostgresErrorCodes.UniqueViolation));
    });

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_unforeseen_exception_tells_the_caller_nothing_and_the_log_nothing_of_the_body()
    {
        var answer = await _api.PostAsync("/unforeseen", """{"text": "what-nobody-may-read"}""");
        Assert.Equal((500, "internal-error"), (answer.Status, answer.ProblemType));
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-inner-reason", answer.Text, StringComparison.Ordinal);
        Assert.Contains("the-inner-reason", _api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("what-nobody-may-read", _api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/known")]
    [InlineData("/thrown")]
    public async Task A_problem_is_the_same_returned_or_thrown_and_is_not_logged(string path)
    {
        var answer = await _api.GetAsync(path);
        Assert.Equal((400, "invalid-request", "colour"), (answer.Status, answer.ProblemType, answer.Fields));
        Assert.Empty(_api.Log.Text);
    }

    [Theory]
    [InlineData("/database")]
    [InlineData("/deadlock")]
    [InlineData("/shutdown")]
    public async Task A_database_that_does_not_answer_is_worth_another_try(string path)
    {
        var answer = await _api.GetAsync(path);
        Assert.Equal((503, "database-unavailable"), (answer.Status, answer.ProblemType));
        Assert.Equal(5, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_is_the_callers() =>
        Assert.Equal((400, "malformed-request"), await StatusAndTypeAsync("/nul"));

    [Fact]
    public async Task A_constraint_that_nobody_foresaw_is_ours() =>
        Assert.Equal((500, "internal-error"), await StatusAndTypeAsync("/constraint"));

    private async Task<(int, string?)> StatusAndTypeAsync(string path)
    {
        var answer = await _api.GetAsync(path);
        return (answer.Status, answer.ProblemType);
    }

    private static IResult Fail(Letter letter) => throw new InvalidOperationException("the-inner-reason", new FormatException(letter.GetType().Name));

    private static void Refuse(string sqlState) => throw new PostgresException("refused", "ERROR", "ERROR", sqlState);

    private sealed record Letter(string Text);
}
