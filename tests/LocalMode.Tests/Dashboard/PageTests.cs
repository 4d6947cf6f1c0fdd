using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace LocalMode.Tests.Dashboard;

public sealed partial class PageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/dashboard.css", "text/css")]
    [InlineData("/dashboard.js", "text/javascript")]
    public async Task A_file_has_its_type_and_is_sent_again_only_when_it_changed(string path, string contentType)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var first = await GetAsync(dashboard, path);
        Assert.Equal(contentType, first.Content.Headers.ContentType?.MediaType);
        Assert.Equal("utf-8", first.Content.Headers.ContentType?.CharSet);
        Assert.True(first.Headers.CacheControl?.NoCache);

        using var second = await GetAsync(dashboard, path, first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

        using var changed = await GetAsync(dashboard, path, new EntityTagHeaderValue("\"another\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task The_page_may_load_its_own_files_and_nothing_else()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var page = await GetAsync(dashboard, "/");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task The_page_keeps_to_its_policy_and_every_file_it_names_is_there()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var html = await dashboard.Client.GetStringAsync(dashboard.Url, Cancellation);

        Assert.DoesNotMatch(InlineCode(), html);

        var missing = new Queue<string>(Files().Matches(html).Select(m => m.Groups[1].Value));
        var seen = new HashSet<string>();
        Assert.NotEmpty(missing);
        while (missing.TryDequeue(out var file))
        {
            if (seen.Add(file))
            {
                var content = await dashboard.Client.GetStringAsync(new Uri(file, UriKind.Relative), Cancellation);
                Assert.DoesNotContain("innerHTML", content, StringComparison.Ordinal);
                Imports().Matches(content).ToList().ForEach(m => missing.Enqueue(m.Groups[1].Value));
            }
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningDashboard dashboard, string path, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await dashboard.Client.SendAsync(request, Cancellation);
    }

    [GeneratedRegex("""<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""(?:src|href)="([\w./-]+\.(?:js|css))["]""")]
    private static partial Regex Files();

    [GeneratedRegex("""from '\./([\w.-]+)';""")]
    private static partial Regex Imports();
}
