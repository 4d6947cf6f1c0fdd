using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>A caller of the Api.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(HttpClient http, string? key)
    {
        _http = http;
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A caller of the running system.</summary>
    public static ApiClient Of(RunningApplication system) => new(system.Application.CreateHttpClient("api", "http"), system.ApiKey);

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<ApiAnswer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<ApiAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await _http.SendAsync(request, Cancel);
        return new ApiAnswer((int)answer.StatusCode, answer.Headers, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Makes a contact.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> AddContactAsync(string name, params string[] addresses)
    {
        var answer = await PostAsync("/api/contacts", JsonSerializer.Serialize(new { name, addresses }));
        answer.AssertStatus(201);
        return answer.Json.GetProperty("id").GetGuid();
    }

    /// <summary>Sends lines and gives the answers, line by line.</summary>
    public async Task<List<JsonElement>> ImportAsync(IEnumerable<string> lines)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/contacts/import", new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines)))
        {
            Headers = { ContentType = new("application/x-ndjson") },
        });
        answer.AssertStatus(200);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>The items of all pages of a list, from the first to the last.</summary>
    public async Task<List<JsonElement>> ReadAllAsync(string path)
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(WithCursor(path, cursor));
            page.AssertStatus(200);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        return items;
    }

    public static string WithCursor(string path, string? cursor) => cursor is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}";

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer of the Api, read to its end.</summary>
internal sealed record ApiAnswer(int Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public string? ProblemType => Json.GetProperty("type").GetString()?.Replace("https://crmmail.dev/problems/", "", StringComparison.Ordinal);

    /// <summary>The fields that are at fault, in order.</summary>
    public string Fields => Json.TryGetProperty("errors", out var errors) ? string.Join(", ", errors.EnumerateObject().Select(error => error.Name)) : "";

    public IEnumerable<JsonElement> Items => Json.GetProperty("items").EnumerateArray();

    public string? Next => Json.GetProperty("next").GetString();

    public void AssertStatus(int expected) => Assert.True(Status == expected, $"{Status} and not {expected}: {Text}");

    public void AssertProblem(int status, string type, string fields = "") => Assert.Equal((status, type, fields), (Status, ProblemType, Fields));
}
