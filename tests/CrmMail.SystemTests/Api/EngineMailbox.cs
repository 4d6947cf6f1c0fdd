using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace CrmMail.SystemTests.Api;

/// <summary>A mailbox in EmailEngine, connected through the Api and the hosted form as a person does it.</summary>
internal sealed partial class EngineMailbox : IDisposable
{
    private const string RedirectUrl = "http://localhost:3000/done?step=2";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient _engine;
    private readonly ApiClient _api;

    private EngineMailbox(HttpClient engine, ApiClient api, string account) => (_engine, _api, Account) = (engine, api, account);

    public string Account { get; }

    public string Address => $"{Account}@example.com";

    /// <summary>Its path in the Api.</summary>
    public string Path => $"/api/accounts/{Account}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EngineMailbox> ConnectAsync(RunningApplication system, ApiClient api, string? account = null)
    {
        var connection = new DbConnectionStringBuilder { ConnectionString = await system.Application.GetConnectionStringAsync("emailengine", Cancel) };
        var engine = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri((string)connection["Endpoint"]),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (string)connection["Token"]) },
        };
        var mailbox = new EngineMailbox(engine, api, account ?? $"box-{Guid.NewGuid():N}");
        await mailbox.ConnectAsync();
        return mailbox;
    }

    /// <summary>Asks the Api for the form, fills it in, and waits until the mailbox is connected.</summary>
    public async Task ConnectAsync()
    {
        var link = await _api.PostAsync($"{Path}/connect", JsonSerializer.Serialize(new { name = "Amy Adler", email = Address, redirectUrl = RedirectUrl }));
        link.AssertStatus(200);
        var arrival = await FillInFormAsync(link.Json.GetProperty("url").GetString()!);
        Assert.Equal("http://localhost:3000/done", arrival.GetLeftPart(UriPartial.Path));
        Assert.Equal(("2", Account), (HttpUtility.ParseQueryString(arrival.Query)["step"], HttpUtility.ParseQueryString(arrival.Query)["account"]));
        await WaitAsync("connected", async () => (await ReadAsync()).GetProperty("state").GetString());
    }

    /// <summary>The account as the Api shows it.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var answer = await _api.GetAsync(Path);
        answer.AssertStatus(200);
        return answer.Json;
    }

    /// <summary>The account as EmailEngine shows it.</summary>
    public Task<JsonElement> ReadFromEngineAsync() => _engine.GetFromJsonAsync<JsonElement>($"/v1/account/{Account}", Cancel);

    /// <summary>A mail comes in.</summary>
    public Task<JsonElement> ReceiveAsync(string from, string subject) =>
        ReceiveAsync(new { from = new { name = "", address = from }, subject, text = "Hello Amy" });

    /// <inheritdoc cref="ReceiveAsync(string, string)"/>
    /// <param name="mail">As the control API of the simulator takes it.</param>
    public Task<JsonElement> ReceiveAsync(object mail) => ControlAsync(HttpMethod.Post, "messages", mail);

    /// <summary>What lies in a folder.</summary>
    public async Task<List<JsonElement>> ListAsync(string folder)
    {
        var messages = await _engine.GetFromJsonAsync<JsonElement>($"/simulator/mailboxes/{Account}/messages?folder={Uri.EscapeDataString(folder)}", Cancel);
        return [.. messages.EnumerateArray()];
    }

    /// <summary>A mail with all its headers.</summary>
    public Task<JsonElement> ReadMailAsync(string id) => _engine.GetFromJsonAsync<JsonElement>($"/v1/account/{Account}/message/{id}", Cancel);

    /// <summary>The owner of the mailbox, or its server, does something.</summary>
    public Task<JsonElement> ControlAsync(HttpMethod method, string path, object body) => CallEngineAsync(method, $"/simulator/mailboxes/{Account}/{path}", body);

    /// <summary>Somebody does something to EmailEngine itself.</summary>
    public async Task<JsonElement> CallEngineAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await _engine.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    /// <summary>The activities of the account, once there are so many.</summary>
    public async Task<List<JsonElement>> WaitForTimelineAsync(int count)
    {
        var timeline = new List<JsonElement>();
        await WaitAsync(count, async () => (timeline = await _api.ReadAllAsync($"{Path}/timeline")).Count);
        return timeline;
    }

    /// <summary>The mails in a folder, once there are so many.</summary>
    public async Task<List<JsonElement>> WaitForFolderAsync(string folder, int count)
    {
        var messages = new List<JsonElement>();
        await WaitAsync(count, async () => (messages = await ListAsync(folder)).Count);
        return messages;
    }

    public static async Task WaitAsync<T>(T expected, Func<Task<T>> read)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = await read();
        while (!EqualityComparer<T>.Default.Equals(expected, seen))
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Expected {expected} within {Deadline}; seen last: {seen}.");
            }

            seen = await read();
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <returns>Where the browser is sent.</returns>
    private async Task<Uri> FillInFormAsync(string url)
    {
        var page = await _engine.GetStringAsync(url, Cancel);
        var fields = HiddenField().Matches(page).ToDictionary(field => field.Groups["name"].Value, field => WebUtility.HtmlDecode(field.Groups["value"].Value));
        Assert.Equal(["data", "sig"], fields.Keys.Order(StringComparer.Ordinal));
        fields["name"] = "Amy Adler";
        fields["email"] = Address;
        fields["password"] = "a password that only EmailEngine sees";
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await _engine.PostAsync(new Uri(new Uri(url), "/accounts/new"), form, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync(Cancel));
        return answer.Headers.Location!;
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)">""", RegexOptions.ExplicitCapture)]
    private static partial Regex HiddenField();
}
