using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CrmMail.UnitTests.ServiceDefaults;

[Collection(nameof(ProcessWideTelemetry))]
public sealed class ExportTests
{
    private const int FlushMilliseconds = 10_000;

    [Fact]
    public async Task Telemetry_of_the_service_reaches_the_collector_that_the_environment_names()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await RunningService.StartAsync(map: app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body, Encoding.Latin1);
            received[signal] = await body.ReadToEndAsync();
        }));
        await using var service = await RunningService.StartAsync(
            configure: null,
            map: null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Client.BaseAddress!.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        Emit(service.Services);
        service.Services.GetRequiredService<TracerProvider>().ForceFlush(FlushMilliseconds);
        service.Services.GetRequiredService<MeterProvider>().ForceFlush(FlushMilliseconds);
        service.Services.GetRequiredService<LoggerProvider>().ForceFlush(FlushMilliseconds);

        Assert.Contains("test-span", received["traces"], StringComparison.Ordinal);
        Assert.Contains("test-counter", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("test log", received["logs"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_there_is_nothing_to_be_exported()
    {
        await using var service = await RunningService.StartAsync();

        Assert.Null(service.Services.GetService<TracerProvider>());
        Assert.Null(service.Services.GetService<MeterProvider>());
        Assert.Null(service.Services.GetService<LoggerProvider>());
    }

    private static void Emit(IServiceProvider services)
    {
        using var source = new ActivitySource("CrmMail.Tests.Export");
        source.StartActivity("test-span")?.Dispose();

        using var meter = new Meter("CrmMail.Tests.Export");
        meter.CreateCounter<int>("test-counter").Add(1);

        services.GetRequiredService<ILoggerFactory>().CreateLogger("CrmMail").Log(
            LogLevel.Information, default, "test log", exception: null, (state, _) => state);
    }
}
