using System.Net;
using System.Text.Json;

namespace LocalMode.Tests.Dashboard;

/// <summary>An answer that is problem details (RFC 9457).</summary>
internal static class Problem
{
    public static async Task<string> AssertAsync(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = JsonElement.Parse(body);
        Assert.Equal($"https://crmmail.dev/problems/{type}", problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
