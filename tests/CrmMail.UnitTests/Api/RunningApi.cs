using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrmMail.UnitTests.Api;

/// <summary>The ground of the Api with endpoints of a test, on a free port. Its database does not answer.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Timeout=1";

    private readonly WebApplication _app;

    private RunningApi(WebApplication app, LogLines log)
    {
        _app = app;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public LogLines Log { get; }

    public static async Task<RunningApi> StartAsync(Action<WebApplication> map, params (string Key, string Value)[] configuration)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(configuration.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var log = new LogLines();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(NoDatabase));
        builder.AddProblems();
        builder.AddAccess();
        builder.AddDescription();

        var app = builder.Build();
        app.UseProblems();
        app.UseAccess();
        app.MapDescription();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningApi(app, log);
    }

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, byte[]? body = null, string contentType = "application/json", string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiAnswer.ReadAsync(answer);
    }

    public Task<ApiAnswer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token: token);

    public Task<ApiAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>An answer of the Api, read to its end.</summary>
internal sealed record ApiAnswer(int Status, string? ContentType, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public string? ProblemType => Json.GetProperty("type").GetString()?.Replace("https://crmmail.dev/problems/", "", StringComparison.Ordinal);

    /// <summary>The fields that are at fault, in order.</summary>
    public string Fields => Json.TryGetProperty("errors", out var errors) ? string.Join(", ", errors.EnumerateObject().Select(error => error.Name)) : "";

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage answer) =>
        new((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Headers, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
