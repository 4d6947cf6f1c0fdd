using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CrmMail.UnitTests.ServiceDefaults;

[Collection(nameof(ProcessWideTelemetry))]
public sealed class RequestSpanTests : IDisposable
{
    private readonly ActivitySource _source = new("CrmMail.Tests");
    private readonly EndedSpans _spans = new();

    [Theory]
    [InlineData("/contacts/42?email=secret", "GET /contacts/{id}", "/contacts/{id}", 200, ActivityStatusCode.Unset)]
    [InlineData("/nowhere", "GET", null, 404, ActivityStatusCode.Unset)]
    [InlineData("/broken", "GET /broken", "/broken", 500, ActivityStatusCode.Error)]
    public async Task A_request_is_named_by_its_route_and_has_its_status(
        string path, string name, string? route, int status, ActivityStatusCode spanStatus)
    {
        await using var service = await StartAsync();

        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        var span = await _spans.OfRequestAsync();
        Assert.Equal(name, span.DisplayName);
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal(route, span.GetTagItem("http.route"));
        Assert.Equal(status, span.GetTagItem("http.response.status_code"));
        Assert.Equal(spanStatus, span.Status);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_span_of_a_failed_request_names_the_exception_that_was_handled()
    {
        await using var service = await StartAsync(handleExceptions: true);

        using var response = await service.Client.GetAsync(new Uri("/broken", UriKind.Relative), TestContext.Current.CancellationToken);

        var span = await _spans.OfRequestAsync();
        Assert.Equal("GET /broken", span.DisplayName);
        Assert.Equal(typeof(NotSupportedException).FullName, span.GetTagItem("error.type"));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task A_probe_leaves_no_spans_nor_do_its_checks(string probe)
    {
        await using var service = await StartAsync();

        // Twice: the second is answered from the cache.
        await service.Client.GetStringAsync(new Uri(probe, UriKind.Relative), TestContext.Current.CancellationToken);
        await service.Client.GetStringAsync(new Uri(probe, UriKind.Relative), TestContext.Current.CancellationToken);
        await service.Client.GetStringAsync(new Uri("/contacts/42", UriKind.Relative), TestContext.Current.CancellationToken);

        await _spans.OfRequestAsync();
        Assert.Equal(["GET /contacts/{id}"], _spans.Ended.Select(span => span.DisplayName));
    }

    public void Dispose()
    {
        _source.Dispose();
        _spans.Dispose();
    }

    private Task<RunningService> StartAsync(bool handleExceptions = false) => RunningService.StartAsync(
        builder =>
        {
            builder.Services.AddProblemDetails();
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(_spans));
            builder.Services.AddHealthChecks().AddCheck("traced", () =>
            {
                using var span = _source.StartActivity("check");
                return HealthCheckResult.Healthy();
            }, ["live"]);
        },
        app =>
        {
            if (handleExceptions)
            {
                app.UseExceptionHandler();
            }

            app.MapGet("/contacts/{id}", (string id) => id);
            app.MapGet("/broken", string () => throw new NotSupportedException());
        },
        // What Aspire's AppHost sets: a sampler that does not ask whether the parent is recorded. Nobody listens at the endpoint: spans are looked at before they are sent.
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

    private sealed class EndedSpans : BaseProcessor<Activity>
    {
        private readonly TaskCompletionSource<Activity> _request = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<Activity> Ended { get; } = new();

        /// <summary>A request's span ends after the response has been sent.</summary>
        public Task<Activity> OfRequestAsync() => _request.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public override void OnEnd(Activity data)
        {
            // The client of the test has spans as well.
            if (data.Source.Name == "System.Net.Http")
            {
                return;
            }

            Ended.Enqueue(data);
            if (data.Source.Name == "Microsoft.AspNetCore")
            {
                _request.TrySetResult(data);
            }
        }
    }
}
