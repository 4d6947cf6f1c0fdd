using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>Whatever the server says instead of an answer is one line with a cause and a cure, and exit code 1.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string> Refusals => new()
    {
        { "unauthenticated", "the key is not one of {url}: set CRM_MAIL_KEY (or --key) to a key of it, with the scope ops" },
        { "missing-scope", "the key does not allow this: use one with the scope ops (POST {url}api/keys makes keys)" },
        { "not-found", "There is no dead letter with this id: list what there is with the command list" },
        { "invalid-request", "--rate: The rate is 1 to 10000 letters per second; --reason: This is one of: decode, schema" },
        { "rate-limited", "too many requests: try again in 7 s" },
        { "kafka-unavailable", "Kafka does not answer: try again in 7 s, or look at the server's health ({url}health)" },
        { "internal-error", "the server failed: its log tells why, under the trace id 00-trace" },
        { "escapes", "Look: \\u001b[31m" },
        { "html", "{url} answers 404, and not as CrmMail does: check --url" },
        { "no-json", "{url} answers, and not as CrmMail does: check --url, and that server and crm-mail are of one version" },
        { "redirect", "{url} answers 302, and not as CrmMail does: check --url" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_one_line_with_cause_and_cure(string refusal, string message)
    {
        await using var server = await FakeServer.StartAsync(Refuse(refusal));

        var run = await CommandLineRun.ExecuteAsync("dead-letters show 17", server);

        var expected = message.Replace("{url}", server.Url + "/", StringComparison.Ordinal);
        Assert.Equal((1, "", $"crm-mail: {expected}.\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_away_is_named()
    {
        var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Nothing));
        var url = server.Url;
        await server.DisposeAsync();

        var run = await CommandLineRun.ExecuteAsync($"audit --url {url} --key {CommandLineRun.Key}", server: null);

        Assert.Equal((1, "", $"crm-mail: nothing answers at {url}/: start the Api (in a checkout: ./run), or say by --url where it is.\n"), (run.ExitCode, run.Out, run.Error));
    }

    private static FakeAnswer Refuse(string name) => name switch
    {
        "unauthenticated" => FakeAnswer.Problem(401, name, "A valid API key is needed."),
        "missing-scope" => FakeAnswer.Problem(403, name, "The API key does not allow this."),
        "not-found" => FakeAnswer.Problem(404, name, "There is nothing at this address.", "\"detail\":\"There is no dead letter with this id.\""),
        "invalid-request" => FakeAnswer.Problem(
            400, name, "The request is not valid.", """ "errors":{"ratePerSecond":["The rate is 1 to 10000 letters per second."],"filter.reason":["This is one of: decode, schema."]}"""),
        "rate-limited" => FakeAnswer.Problem(429, name, "Too many requests.", retryAfter: "7"),
        "kafka-unavailable" => FakeAnswer.Problem(503, name, "Kafka does not answer.", retryAfter: "7"),
        "internal-error" => FakeAnswer.Problem(500, name, "The request failed for no fault of yours."),
        "escapes" => FakeAnswer.Problem(409, name, "Look: \\u001b[31m"),
        "html" => new FakeAnswer("<html>", 404, "text/html"),
        "no-json" => new FakeAnswer("hello", 200, "text/plain"),
        "redirect" => new FakeAnswer("", 302, Location: "/elsewhere"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
