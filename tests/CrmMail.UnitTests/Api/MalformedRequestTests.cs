using System.Text;
using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.UnitTests.Api;

/// <summary>A request that cannot be read is the caller's fault, and the answer says where it is.</summary>
public sealed class MalformedRequestTests : IAsyncLifetime
{
    private RunningApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await RunningApi.StartAsync(app =>
    {
        app.MapPost("/orders", (Order order) => order);
        app.MapPost("/small", [RequestSizeLimit(10)] (Order order) => order);
        app.MapGet("/pages", ([AsParameters] PageQuery page) => page.Size);
        app.MapGet("/orders/{id}", (Guid id, DateTimeOffset? since) => Results.Ok(id));
    });

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("""{"name": "Ann", "colour": 1}""", "colour")]
    [InlineData("""{"name": 1}""", "name")]
    [InlineData("""{"count": "1"}""", "count")]
    [InlineData("""{"count": 1.5}""", "count")]
    [InlineData("""{"count": 99999999999}""", "count")]
    [InlineData("""{"name": "Ann", "name": "Bob"}""", "name")]
    [InlineData("""{"lines": [{"article": "a"}, {"article": []}]}""", "lines[1].article")]
    [InlineData("""{"lines": [{"article": "a", "price": 1}]}""", "lines[0].price")]
    [InlineData("""{"lines": {}}""", "lines")]
    [InlineData("""{"direction": "sideways"}""", "direction")]
    [InlineData("""{"direction": 0}""", "direction")]
    [InlineData("""{"direction": "Incoming"}""", "direction")]
    [InlineData("""{"name": "\ud800"}""", "name")]
    [InlineData("""{"a b": 1}""", "['a b']")]
    public async Task A_wrong_field_is_named_by_the_callers_path(string json, string field)
    {
        var answer = await _api.PostAsync("/orders", json);
        Assert.Equal((400, "invalid-request", field), (answer.Status, answer.ProblemType, answer.Fields));
        Assert.DoesNotContain("CrmMail.UnitTests", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"name": tru}""")]
    [InlineData("""{"name": "Ann",}""")]
    [InlineData("""{"name": "Ann"} {}""")]
    [InlineData("{\"name\": \"line\nbreak\"}")]
    [InlineData("""{"\ud800": 1}""")]
    public async Task A_body_that_is_no_such_JSON_is_malformed(string json)
    {
        var answer = await _api.PostAsync("/orders", json);
        Assert.Equal((400, "malformed-request", ""), (answer.Status, answer.ProblemType, answer.Fields));
    }

    [Fact]
    public async Task A_body_that_is_too_deep_or_no_UTF_8_is_malformed()
    {
        var deep = await _api.PostAsync("/orders", $$"""{"lines": {{new string('[', 100)}}{{new string(']', 100)}}}""");
        var latin1 = await _api.SendAsync(HttpMethod.Post, "/orders", Encoding.Latin1.GetBytes("""{"name": "Zoë"}"""));
        Assert.Equal(400, deep.Status);
        Assert.Equal(400, latin1.Status);
    }

    [Theory]
    [InlineData("/pages?limit=0", "limit")]
    [InlineData("/pages?limit=201", "limit")]
    [InlineData("/pages?limit=many", "limit")]
    [InlineData("/pages?limit=", "limit")]
    [InlineData("/orders/17", "id")]
    [InlineData("/orders/0198d5a5-0000-7000-8000-000000000000?since=yesterday", "since")]
    public async Task A_wrong_parameter_is_named(string path, string parameter)
    {
        var answer = await _api.GetAsync(path);
        Assert.Equal((400, "invalid-request", parameter), (answer.Status, answer.ProblemType, answer.Fields));
    }

    [Fact]
    public async Task What_the_framework_refuses_is_a_problem_too()
    {
        AssertProblem(await _api.GetAsync("/nothing"), 404, "not-found");
        AssertProblem(await _api.SendAsync(HttpMethod.Delete, "/orders"), 405, "method-not-allowed");
        AssertProblem(await _api.SendAsync(HttpMethod.Post, "/orders", "name=Ann"u8.ToArray(), "text/plain"), 415, "unsupported-media-type");
        AssertProblem(await _api.PostAsync("/small", """{"name": "longer than ten bytes"}"""), 413, "body-too-large");
    }

    [Fact]
    public async Task A_request_that_is_right_is_answered()
    {
        var answer = await _api.PostAsync("/orders", """{"name": "\ud83d\ude00", "count": 1, "direction": "sent", "lines": [{"article": "a"}]}""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("sent", answer.Json.GetProperty("direction").GetString());
    }

    private static void AssertProblem(ApiAnswer answer, int status, string type)
    {
        Assert.Equal((status, "application/problem+json", type), (answer.Status, answer.ContentType, answer.ProblemType));
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(answer.Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(answer.Json.GetProperty("traceId").GetString()!);
    }

    private sealed record Order(string? Name, int? Count, Direction? Direction, List<Line>? Lines);

    private sealed record Line(string? Article);
}
