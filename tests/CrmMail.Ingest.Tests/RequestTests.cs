using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Tests.Running;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests;

public sealed class RequestTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("unknown")]
    public async Task An_encoded_body_is_refused_for_the_signature_is_over_other_bytes(string encoding)
    {
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(Webhook.Small, headers: [("Content-Encoding", encoding)])).AssertProblem(415, "encoded-body");

        Assert.Empty(ingest.Producer.Records);
        Assert.Equal("encoded-body 1", ingest.Measured.Answers);
    }

    [Theory]
    [InlineData("Content-Encoding", "identity")]
    [InlineData("Content-Encoding", "IDENTITY")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Content-Type", "application/json; charset=utf-16")]
    [InlineData("Content-Type", "nonsense")]
    public async Task What_a_header_says_of_the_body_does_not_matter_as_long_as_the_bytes_are_signed(string name, string value)
    {
        await using var ingest = await RunningIngest.StartAsync();
        var request = Webhook.Small.ToRequest();
        request.Content!.Headers.Remove(name);
        Assert.True(request.Content.Headers.TryAddWithoutValidation(name, value));

        (await ingest.SendAsync(request)).AssertAccepted();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("QUERY")]
    public async Task Webhooks_are_posted(string method)
    {
        await using var ingest = await RunningIngest.StartAsync();
        foreach (var path in (string[])[Webhook.Path, $"{Webhook.Path}/second"])
        {
            var request = Webhook.Small.ToRequest(path);
            request.Method = new HttpMethod(method);

            var answer = await ingest.SendAsync(request);

            answer.AssertProblem(405, "method-not-allowed");
            Assert.Equal("POST", answer.Headers["allow"]);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/webhooks")]
    [InlineData("/webhooks/emailengine/second/third")]
    [InlineData("/webhooks/other")]
    public async Task There_is_nothing_at_other_addresses(string path)
    {
        await using var ingest = await RunningIngest.StartAsync();

        (await ingest.SendAsync(Webhook.Small, path)).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_a_500_without_details_and_the_sender_tries_again()
    {
        await using var ingest = await RunningIngest.StartAsync();
        ingest.Producer.Fate = _ => throw new NotSupportedException("a detail of the inside");

        var answer = await ingest.SendAsync(Webhook.Small);

        answer.AssertProblem(500, "internal-error");
        Assert.DoesNotContain("inside", answer.Body, StringComparison.Ordinal);
        Assert.Equal("internal-error 1", ingest.Measured.Answers);

        // The log has it for the operator; it is written after the answer.
        await Eventually.HoldsAsync(
            () => ingest.Logs.From(LogLevel.Error).Contains("a detail of the inside", StringComparison.Ordinal), () => ingest.Logs.From(LogLevel.Trace));
        ingest.Producer.Fate = _ => ScriptedProducer.Ended(ProduceOutcome.Acknowledged);
        (await ingest.SendAsync(Webhook.Small)).AssertAccepted();
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task It_answers_whether_it_lives_and_can_work(string probe)
    {
        await using var ingest = await RunningIngest.StartAsync();

        Assert.Equal(200, (await ingest.SendAsync(new HttpRequestMessage(HttpMethod.Get, probe))).Status);
    }
}
