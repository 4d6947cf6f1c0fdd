using System.Net;
using System.Text;
using CrmMail.Api.EmailEngine;
using Microsoft.Extensions.Logging;

namespace CrmMail.UnitTests.Api;

/// <summary>An EmailEngine that answers what a test says, in order; the last answer stays.</summary>
internal sealed class ScriptedEmailEngine(TimeProvider time, params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<Request> Requests { get; } = [];

    public LogLines Log { get; } = new();

    public EmailEngineOptions Options { get; } = new();

    public EmailEngineClient Connect()
    {
        var http = new HttpClient(this) { BaseAddress = new Uri("http://emailengine.example/") };
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(Log));
        return new EmailEngineClient(http, new SubmitRetry(Microsoft.Extensions.Options.Options.Create(Options), time), time, logging.CreateLogger<EmailEngineClient>());
    }

    public static HttpResponseMessage Answer(int status, string json, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            answer.Headers.Add(name, value);
        }

        return answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(new Request(
            $"{request.Method} {request.RequestUri!.PathAndQuery}",
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
        return answers[Math.Min(Requests.Count, answers.Length) - 1]();
    }

    internal sealed record Request(string Line, string? IdempotencyKey, string? Body);
}
