using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CrmMail.Processor.Filtering;

namespace CrmMail.SystemTests.EmailEngine;

public sealed class EmailEngineResourceTests(RunningApplication system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_of_the_connection_string_opens_the_api_and_no_other_does()
    {
        using var client = await ConnectAsync();
        using var stranger = system.Application.CreateHttpClient("emailengine", "http");
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new string('0', 64));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/accounts", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/accounts", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task It_sends_every_event_to_Ingest_and_asks_for_the_headers_by_lower_case_names()
    {
        using var client = await ConnectAsync();

        var settings = await client.GetFromJsonAsync<JsonElement>(
            "/v1/settings?webhooks=true&webhooksEnabled=true&webhookEvents=true&notifyHeaders=true&serviceUrl=true", Cancellation);

        Assert.Equal(new Uri(system.Application.GetEndpoint("ingest", "http"), "/webhooks/emailengine").ToString(), settings.GetProperty("webhooks").GetString());
        Assert.True(settings.GetProperty("webhooksEnabled").GetBoolean());
        Assert.Equal("*", Assert.Single(settings.GetProperty("webhookEvents").EnumerateArray()).GetString());
        Assert.Equal(system.Application.GetEndpoint("emailengine", "http"), new Uri(settings.GetProperty("serviceUrl").GetString()!));
        var headers = settings.GetProperty("notifyHeaders").EnumerateArray().Select(header => header.GetString()!).ToArray();
        Assert.Contains("in-reply-to", headers);
        Assert.All(headers, header => Assert.Equal(header.ToLowerInvariant(), header));
        Assert.Empty(FilterTable.Embedded.Headers.Except(headers));
    }

    private async Task<HttpClient> ConnectAsync()
    {
        var connection = new DbConnectionStringBuilder { ConnectionString = await system.Application.GetConnectionStringAsync("emailengine", Cancellation) };
        return new HttpClient
        {
            BaseAddress = new Uri((string)connection["Endpoint"]),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (string)connection["Token"]) },
        };
    }
}
