using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CrmMail.UnitTests.ServiceDefaults;

public sealed class HealthEndpointTests
{
    private static readonly (string, string) ExpireAtOnce = ("HealthChecks:ExpireAfter", "00:00:00.001");
    private static readonly (string, string) NeverExpire = ("HealthChecks:ExpireAfter", "00:01:00");
    private static readonly (string, string) ShortTimeout = ("HealthChecks:RequestTimeout", "00:00:00.4");

    [Fact]
    public async Task Health_names_every_check_with_its_status_and_duration()
    {
        await using var service = await RunningService.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Degraded()));

        var (status, body) = await GetAsync(service, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Degraded", body.GetProperty("status").GetString());
        Assert.Equal(["self Healthy", "database Degraded"], ChecksOf(body));
        Assert.All(body.GetProperty("checks").EnumerateArray(), check => Assert.InRange(check.GetProperty("durationMs").GetDouble(), 0, 5000));
    }

    [Fact]
    public async Task Health_is_red_and_alive_is_green_when_a_dependency_fails()
    {
        await using var service = await RunningService.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy()));

        var health = await GetAsync(service, "/health");
        var alive = await GetAsync(service, "/alive");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Status);
        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal(["self Healthy"], ChecksOf(alive.Body));
    }

    [Fact]
    public async Task What_a_check_says_about_its_failure_stays_inside()
    {
        await using var service = await RunningService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("thrown", () => throw new InvalidOperationException("internal-host"))
            .AddCheck("told", () => HealthCheckResult.Unhealthy("internal-host", new InvalidOperationException("internal-host"))));

        var (_, body) = await GetAsync(service, "/health");

        Assert.Equal(["self Healthy", "thrown Unhealthy", "told Unhealthy"], ChecksOf(body));
        Assert.DoesNotContain("internal-host", body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_cannot_be_built_is_red_and_hides_no_other()
    {
        await using var service = await RunningService.StartAsync(builder => builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration("database", _ => throw new InvalidOperationException("no connection string"), null, null)));

        var (status, body) = await GetAsync(service, "/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["self Healthy", "database Unhealthy"], ChecksOf(body));
    }

    [Fact]
    public async Task A_check_that_ignores_its_cancellation_is_named_and_not_started_again()
    {
        var never = new NeverEndingCheck();
        await using var service = await RunningService.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("database", never), map: null, ShortTimeout, ExpireAtOnce);

        for (var probe = 0; probe < 3; probe++)
        {
            var (status, body) = await GetAsync(service, "/health");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal(["self Healthy", "database Unhealthy"], ChecksOf(body));
        }

        Assert.Equal(1, never.Runs);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy)]
    [InlineData(HealthStatus.Unhealthy)]
    public async Task Until_it_expires_an_answer_is_given_again_good_or_bad(HealthStatus result)
    {
        var runs = 0;
        await using var service = await RunningService.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("database", () =>
            {
                Interlocked.Increment(ref runs);
                return new HealthCheckResult(result);
            }),
            map: null,
            NeverExpire);

        var first = await GetAsync(service, "/health");
        var second = await GetAsync(service, "/health?now");

        Assert.Equal(1, runs);
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
    }

    [Theory]
    [InlineData("HealthChecks:RequestTimeout", "00:00:00")]
    [InlineData("HealthChecks:RequestTimeout", "5")]
    [InlineData("HealthChecks:ExpireAfter", "-00:00:01")]
    [InlineData("HealthChecks:ExpireAfter", "00:01:01")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RunningService.StartAsync(configure: null, map: null, (key, value)));

        Assert.StartsWith(key, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(RunningService service, string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonElement.Parse(body));
    }

    private static IEnumerable<string> ChecksOf(JsonElement body)
        => body.GetProperty("checks").EnumerateArray().Select(
            check => $"{check.GetProperty("name").GetString()} {check.GetProperty("status").GetString()}");

    private sealed class NeverEndingCheck : IHealthCheck
    {
        private int _runs;

        public int Runs => _runs;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _runs);
            return new TaskCompletionSource<HealthCheckResult>().Task;
        }
    }
}
