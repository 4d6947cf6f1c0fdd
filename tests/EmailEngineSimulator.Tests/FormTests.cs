using System.Net;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;
using Microsoft.AspNetCore.WebUtilities;

namespace EmailEngineSimulator.Tests;

/// <summary>The hosted form, clicked through by a person without a script.</summary>
public sealed class FormTests(SharedSimulator shared)
{
    private readonly RunningSimulator _simulator = shared.Simulator;

    [Fact]
    public async Task A_person_connects_a_mailbox_and_comes_back_with_the_account()
    {
        var account = _simulator.NewAccountId();
        var link = await LinkAsync(new JsonObject { ["account"] = account, ["name"] = "Dora \"D\" Diaz", ["email"] = "dora@example.com", ["notifyFrom"] = "2026-01-01T00:00:00.000Z" });

        using var page = await _simulator.Anybody.GetAsync(link.PathAndQuery, TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("text/html", HttpStatusCode.OK), (page.Content.Headers.ContentType?.MediaType, page.StatusCode));
        Assert.Contains("value=\"Dora &quot;D&quot; Diaz\"", html, StringComparison.Ordinal);

        using var answer = await SubmitAsync(link, "Dora Diaz", "dora@example.com", "secret");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"https://crm.example.com/done?step=2&account={account}&state=new", answer.Headers.Location!.AbsoluteUri);
        await _simulator.Receiver.WaitForAsync(account, "accountInitialized");
        var connected = await _simulator.CallAsync("GET", $"/v1/account/{account}");
        Assert.Equal(("Dora Diaz", "dora@example.com", "connected", "2026-01-01T00:00:00.000Z"),
            ((string)connected["name"]!, (string)connected["email"]!, (string)connected["state"]!, (string)connected["notifyFrom"]!));
    }

    [Fact]
    public async Task An_id_is_made_up_when_none_is_asked_for_and_an_existing_account_is_connected_anew()
    {
        using var first = await SubmitAsync(await LinkAsync([]), "Amy", "amy@example.com", "secret");
        var account = Argument(first, "account");

        using var second = await SubmitAsync(await LinkAsync(new JsonObject { ["account"] = account }), "Amy", "amy@example.com", "other");

        Assert.Equal(("new", 21), (Argument(first, "state"), account.Length));
        Assert.Equal(("existing", account), (Argument(second, "state"), Argument(second, "account")));
    }

    [Fact]
    public async Task A_sample_mailbox_is_one_click_away()
    {
        using var answer = await SubmitAsync(await LinkAsync([]), "", "", "", sample: "ben@example.com");

        var account = await _simulator.CallAsync("GET", $"/v1/account/{Argument(answer, "account")}");
        Assert.Equal("ben@example.com", (string)account["email"]!);
    }

    [Theory]
    [InlineData("", "dora@example.com", "secret", "Please enter a name")]
    [InlineData("Dora", "dora@corp.test", "secret", "Please enter a valid e-mail address")]
    [InlineData("Dora", "dora", "secret", "Please enter a valid e-mail address")]
    [InlineData("Dora", "dora@example.com", "", "did not accept this password")]
    [InlineData("Dora", "dora@example.com", "wrong", "did not accept this password")]
    [InlineData("Dora", "eve@example.com", "secret", "This link is for dora@example.com")]
    public async Task A_wrong_input_is_shown_and_can_be_corrected(string name, string email, string password, string problem)
    {
        var link = await LinkAsync(new JsonObject { ["expectedEmail"] = "dora@example.com" });

        using var refused = await SubmitAsync(link, name, email, password);
        var html = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var corrected = await SubmitAsync(link, "Dora", "dora@example.com", "secret");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(problem, html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, corrected.StatusCode);
    }

    [Fact]
    public async Task A_link_works_once()
    {
        var link = await LinkAsync([]);
        using var first = await SubmitAsync(link, "Amy", "amy@example.com", "secret");

        using var again = await SubmitAsync(link, "Amy", "amy@example.com", "secret");
        using var page = await _simulator.Anybody.GetAsync(link.PathAndQuery, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (first.StatusCode, again.StatusCode, page.StatusCode));
    }

    [Theory]
    [InlineData("data=e30&sig=AAAA")]
    [InlineData("data=e30")]
    [InlineData("")]
    public async Task A_forged_link_is_refused(string query)
    {
        using var page = await _simulator.Anybody.GetAsync($"/accounts/new?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
    }

    private async Task<Uri> LinkAsync(JsonObject request)
    {
        request["redirectUrl"] = "https://crm.example.com/done?step=2";
        var answer = await _simulator.CallAsync("POST", "/v1/authentication/form", request);
        var link = new Uri((string)answer["url"]!);
        Assert.Equal("http://127.0.0.1:3100/accounts/new", link.GetLeftPart(UriPartial.Path));
        return link;
    }

    private async Task<HttpResponseMessage> SubmitAsync(Uri link, string name, string email, string password, string? sample = null)
    {
        var query = QueryHelpers.ParseQuery(link.Query);
        Dictionary<string, string> fields = new() { ["data"] = query["data"]!, ["sig"] = query["sig"]!, ["name"] = name, ["email"] = email, ["password"] = password };
        if (sample is not null)
        {
            fields["sample"] = sample;
        }

        using var content = new FormUrlEncodedContent(fields);
        return await _simulator.Anybody.PostAsync(link.AbsolutePath, content, TestContext.Current.CancellationToken);
    }

    private static string Argument(HttpResponseMessage answer, string name) => QueryHelpers.ParseQuery(answer.Headers.Location!.Query)[name].ToString();
}
