using System.Net;
using System.Net.Http.Headers;
using EmailEngineSimulator.Auth;
using EmailEngineSimulator.Tests.Running;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Tests;

public sealed class AuthenticationTests(SharedSimulator shared)
{
    private readonly HttpClient _anybody = shared.Simulator.Anybody;

    [Fact]
    public async Task The_prepared_token_is_let_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/accounts");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestToken.Bearer);

        using var response = await _anybody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_token_may_be_a_query_argument()
    {
        using var response = await _anybody.GetAsync($"/v1/accounts?access_token={TestToken.Bearer}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, "Missing authentication")]
    [InlineData("Basic dXNlcjpwYXNz", "Missing authentication")]
    [InlineData("Bearer", "Missing authentication")]
    [InlineData("Bearer 00", "Bad token")]
    [InlineData("Bearer zz02030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", "Bad token")]
    [InlineData("Bearer 0002030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", "Bad token")]
    public async Task Any_other_token_is_refused(string? authorization, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/accounts");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await _anybody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal($$"""{"statusCode":401,"error":"Unauthorized","message":"{{message}}"}""", body);
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound)]
    public async Task These_need_no_token(string path, HttpStatusCode status)
    {
        using var response = await _anybody.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("EENGINE_PREPARED_TOKEN", "???", "EENGINE_PREPARED_TOKEN: it is not base64url.")]
    [InlineData("EENGINE_PREPARED_TOKEN", "gA", "EENGINE_PREPARED_TOKEN: the token has no id of 64 hex digits.")]
    [InlineData("EENGINE_PREPARED_TOKEN", "gaJpZA", "EENGINE_PREPARED_TOKEN: the MessagePack ends early.")]
    [InlineData("EENGINE_SETTINGS", "{", "EENGINE_SETTINGS: it is not JSON.")]
    [InlineData("EENGINE_SETTINGS", """{"webhook":"http://a.example.com"}""", "EENGINE_SETTINGS: \"webhook\" is not allowed")]
    [InlineData("EENGINE_HOST", "nowhere", "EENGINE_HOST: 'nowhere' is not an IP address.")]
    [InlineData("EENGINE_PORT", "70000", "EENGINE_PORT: '70000' is not a port between 0 and 65535.")]
    [InlineData("EENGINE_PORT", "http", "EENGINE_PORT: 'http' is not a port between 0 and 65535.")]
    [InlineData("SIMULATOR_SPEEDUP", "0", "SIMULATOR_SPEEDUP: '0' is not a number between 0.001 and 1000000.")]
    public void A_wrong_variable_stops_the_start_with_a_line_that_names_it(string variable, string value, string line)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => RunningSimulator.Build(new() { [variable] = value }));

        Assert.Equal(line, exception.Message);
    }

    [Fact]
    public void The_id_of_a_token_is_read_whatever_else_is_in_it()
    {
        // {id: 64 x "a", scopes: ["*"], created: 1.5, ip: nil, n: -1, big: 70000} in MessagePack, as EmailEngine's export may have it.
        byte[] map =
        [
            0x86, 0xa2, .. "id"u8, 0xd9, 64, .. Enumerable.Repeat((byte)'a', 64), 0xa6, .. "scopes"u8, 0x91, 0xa1, .. "*"u8,
            0xa7, .. "created"u8, 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xa2, .. "ip"u8, 0xc0, 0xa1, .. "n"u8, 0xff, 0xa3, .. "big"u8, 0xce, 0, 1, 0x11, 0x70,
        ];

        Assert.Equal(new string('a', 64), PreparedToken.Parse(System.Buffers.Text.Base64Url.EncodeToString(map))!.Id);
    }
}
