using CrmMail.Api.Accounts;
using Microsoft.Extensions.Options;

namespace CrmMail.UnitTests.Api;

public sealed class RedirectOriginsTests
{
    private static readonly RedirectOrigins Origins = Allow("https://crm.example.com", "https://crm.example.com:8443", "http://localhost:3000", "https://xn--bcher-kva.example", "http://[::1]:3000");

    [Theory]
    [InlineData("https://crm.example.com", "https://crm.example.com/")]
    [InlineData("https://crm.example.com/done?a=b#c", "https://crm.example.com/done?a=b#c")]
    [InlineData("HTTPS://CRM.EXAMPLE.COM/Done", "https://crm.example.com/Done")]
    [InlineData("https://crm.example.com:443/", "https://crm.example.com/")]
    [InlineData("https://crm.example.com:8443/", "https://crm.example.com:8443/")]
    [InlineData("https://crm.example.com/a/../b", "https://crm.example.com/b")]
    [InlineData("https://crm.example.com/?next=https://evil.example/", "https://crm.example.com/?next=https://evil.example/")]
    [InlineData("https://crm.example.com/@evil.example", "https://crm.example.com/@evil.example")]
    [InlineData("http://localhost:3000/done", "http://localhost:3000/done")]
    [InlineData("http://[::1]:3000/", "http://[::1]:3000/")]
    [InlineData("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/")]
    public void An_allowed_origin_may_have_any_path(string text, string expected)
    {
        Assert.True(Origins.TryRead(text, out var url));
        Assert.Equal(expected, url);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/done")]
    [InlineData("//crm.example.com/done")]
    [InlineData("///evil.example")]
    [InlineData("crm.example.com")]
    [InlineData("https://evil.example/")]
    [InlineData("https://evil.example/https://crm.example.com/")]
    [InlineData("https://evil.example/?https://crm.example.com")]
    [InlineData("https://evil.example#https://crm.example.com/")]
    [InlineData("https://crm.example.com.evil.example/")]
    [InlineData("https://crm.example.com./")]
    [InlineData("https://evilcrm.example.com/")]
    [InlineData("https://sub.crm.example.com/")]
    [InlineData("https://crm.example.com@evil.example/")]
    [InlineData("https://crm.example.com:x@evil.example/")]
    [InlineData("https://@crm.example.com/")]
    [InlineData("https://user:pass@crm.example.com/")]
    [InlineData("https://evil.example\\@crm.example.com/")]
    [InlineData("https://crm.example.com\\@evil.example/")]
    [InlineData("https://crm.example.com\\.evil.example/")]
    [InlineData("https:\\\\crm.example.com/")]
    [InlineData("https://crm.example.com/\\evil.example/")]
    [InlineData("https:/crm.example.com/")]
    [InlineData("https:crm.example.com/")]
    [InlineData("https:///crm.example.com/")]
    [InlineData("https://crm.example.com:80/")]
    [InlineData("https://crm.example.com:8444/")]
    [InlineData("https://crm.example.com:99999/")]
    [InlineData("https://crm.example.com:/")]
    [InlineData("http://crm.example.com/")]
    [InlineData("http://localhost/")]
    [InlineData("https://localhost:3000/")]
    [InlineData("http://127.0.0.1:3000/")]
    [InlineData("http://localhost.evil.example:3000/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("javascript://crm.example.com/%0aalert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://crm.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData(" https://crm.example.com/")]
    [InlineData("https://crm.example.com/ ")]
    [InlineData("https://crm.example.com/\n")]
    [InlineData("https://crm.example.com/\r\nSet-Cookie: a=b")]
    [InlineData("https://crm.example.com\t/")]
    [InlineData("https://crm.example.com%2eevil.example/")]
    [InlineData("https://crm.example.com%00.evil.example/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://crm。example。com/")]
    [InlineData("https://ｃrm.example.com/")]
    public void Nothing_else_may_be_where_a_browser_is_sent(string? text) => Assert.False(Origins.TryRead(text, out _));

    [Fact]
    public void A_url_has_an_end() => Assert.False(Origins.TryRead("https://crm.example.com/" + new string('a', 2048), out _));

    [Theory]
    [InlineData("https://crm.example.com", true)]
    [InlineData("https://crm.example.com/", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1:3000", true)]
    [InlineData("http://crm.example.com", false)]
    [InlineData("https://crm.example.com/path", false)]
    [InlineData("https://crm.example.com/?a", false)]
    [InlineData("https://crm.example.com#a", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("*", false)]
    [InlineData("crm.example.com", false)]
    [InlineData("", false)]
    public void A_setting_is_an_origin_or_stops_the_start(string origin, bool isOrigin)
    {
        var result = new ConnectOptionsValidator().Validate(null, new ConnectOptions { AllowedRedirectOrigins = { "https://ok.example", origin } });
        Assert.Equal(isOrigin, result.Succeeded);
        Assert.StartsWith(isOrigin ? "" : $"Connect:AllowedRedirectOrigins:1 is \"{origin}\"; ", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    private static RedirectOrigins Allow(params string[] origins)
    {
        var options = new ConnectOptions();
        foreach (var origin in origins)
        {
            options.AllowedRedirectOrigins.Add(origin);
        }

        return new RedirectOrigins(Options.Create(options));
    }
}
