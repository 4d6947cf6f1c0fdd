using System.Text.Json;

namespace CrmMail.Ingest.Tests.Running;

/// <param name="Status">HTTP status.</param>
/// <param name="Headers">By lower-case name.</param>
/// <param name="Body">The text of the body.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(int.Parse(Headers["retry-after"], System.Globalization.CultureInfo.InvariantCulture));

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value)),
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public void AssertAccepted()
    {
        Assert.True(Status == 202, $"{Status} {Body}");
        Assert.Empty(Body);
    }

    /// <summary>Is problem details (RFC 9457) of this type.</summary>
    public JsonElement AssertProblem(int status, string type)
    {
        Assert.True(Status == status, $"Expected {status} {type}, got {Status} {Body}");
        Assert.Equal("application/problem+json", Headers["content-type"]);
        var problem = JsonElement.Parse(Body);
        Assert.Equal($"https://crmmail.dev/problems/{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }
}
