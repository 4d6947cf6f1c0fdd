using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmMail.Cli.Tests.Running;

/// <summary>Answers as it is told, on a free port, and keeps what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Queue<FakeAnswer> _answers = new();

    private FakeServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Everything that was asked, in order.</summary>
    public List<FakeRequest> Requests { get; } = [];

    /// <summary>Called before an answer, with the number of requests so far.</summary>
    public Action<int> Asked { get; set; } = _ => { };

    public static async Task<FakeServer> StartAsync(params IEnumerable<FakeAnswer> answers)
    {
        var server = new FakeServer();
        server.Answer(answers);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers the next requests so; the last answer is given again and again.</summary>
    public FakeServer Answer(params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }

        return this;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        Requests.Add(new FakeRequest(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.Request.Headers.Authorization.ToString(), await body.ReadToEndAsync()));
        Asked(Requests.Count);
        var answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds;
        }

        if (answer.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
    }
}

internal sealed record FakeRequest(string Line, string Authorization, string Body);

internal sealed record FakeAnswer(string Body, int Status = 200, string ContentType = "application/json", string? RetryAfter = null, string? Location = null)
{
    /// <summary>Problem details as the Api sends them.</summary>
    public static FakeAnswer Problem(int status, string name, string title, string? rest = null, string? retryAfter = null) => new(
        $$"""{"type":"https://crmmail.dev/problems/{{name}}","title":"{{title}}","status":{{status}}{{(rest is null ? "" : "," + rest)}},"traceId":"00-trace"}""",
        status,
        "application/problem+json",
        retryAfter);
}
