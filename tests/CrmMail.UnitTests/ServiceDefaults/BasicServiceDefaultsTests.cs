using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmMail.UnitTests.ServiceDefaults;

public sealed class BasicServiceDefaultsTests
{
    [Fact]
    public async Task A_host_that_serves_no_requests_starts_with_them()
    {
        // Development checks at start that every registered service can be built.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.AddBasicServiceDefaults();
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Null(host.Services.GetService<IHttpClientFactory>());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }
}
