using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmMail.SystemTests.Api;

/// <summary>Attached files: in mailboxes through EmailEngine, and where a team address's mail says.</summary>
public sealed class AttachmentTests(RunningApplication system)
{
    private const string Pdf = "%PDF-1.7 a contract";

    private static readonly string[] Shown = ["id", "fileName", "contentType", "refusal", "state", "sha256"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_a_mailbox_are_listed_and_handed_out_but_never_programs()
    {
        using var api = ApiClient.Of(system);
        using var amy = await EngineMailbox.ConnectAsync(system, api);
        var customer = $"ann@{Guid.NewGuid():N}.example";
        await api.AddContactAsync("Ann", customer);
        await amy.ControlAsync(HttpMethod.Post, "messages", new
        {
            from = new { name = "Ann", address = customer },
            subject = "Files",
            text = "Hello",
            attachments = new[]
            {
                File("contract.pdf", "application/pdf", Pdf), File("invoice.pdf", "application/pdf", "MZ\u0090 a program"), File("setup.exe", "application/octet-stream", "MZ"),
                File("photo.png", "image/png", "no picture"), File("statement 4111 1111 1111 1111.txt", "text/plain", "Grüße"),
            },
        });
        var activity = (await amy.WaitForTimelineAsync(1))[0].GetProperty("id").GetInt64();
        Assert.Equal(
            [$"{activity}-0 contract.pdf application/pdf", $"{activity}-1 invoice.pdf application/pdf", $"{activity}-2 setup.exe application/octet-stream kind-not-allowed", $"{activity}-3 photo.png image/png", $"{activity}-4 statement [redacted].txt text/plain"],
            await ListAsync(api, activity));

        var (answer, content) = await DownloadAsync($"{activity}-0");
        Assert.Equal((Pdf, "application/pdf", "nosniff"), (content, answer.Content.Headers.ContentType?.ToString(), answer.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(("attachment", "contract.pdf"), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentDisposition?.FileName));
        (await api.GetAsync($"/api/attachments/{activity}-1")).AssertProblem(422, "attachment-refused");
        (await api.GetAsync($"/api/attachments/{activity}-2")).AssertProblem(422, "attachment-refused");
        (await api.GetAsync($"/api/attachments/{activity}-3")).AssertProblem(422, "attachment-refused");
        Assert.Equal("Grüße", (await DownloadAsync($"{activity}-4")).Content);
        await EngineMailbox.WaitAsync(
            $"{activity}-0 contract.pdf application/pdf linked {Sha256(Pdf)}, {activity}-1 invoice.pdf application/pdf refused, {activity}-2 setup.exe application/octet-stream kind-not-allowed refused, {activity}-3 photo.png image/png refused, {activity}-4 statement [redacted].txt text/plain linked {Sha256("Grüße")}",
            async () => string.Join(", ", await ListAsync(api, activity)));

        // Unchanged, as long as the checksum is believed; the tag of another file is none of this one.
        Assert.Equal(HttpStatusCode.NotModified, (await DownloadAsync($"{activity}-0", $"\"{Sha256(Pdf)}\"")).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await DownloadAsync($"{activity}-4", $"\"{Sha256(Pdf)}\"")).Answer.StatusCode);

        foreach (var id in new[] { $"{activity}-5", $"{activity}--1", $"{activity}", "9223372036854775807-0", "a-0" })
        {
            (await api.GetAsync($"/api/attachments/{id}")).AssertProblem(404, "not-found");
        }

        (await api.GetAsync("/api/activities/9223372036854775807/attachments")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task Files_elsewhere_are_read_from_allowed_places_only_and_what_fails_is_tried_again_until_it_is_given_up()
    {
        await using var files = await FileServer.StartAsync();
        await using var api = await ScratchApi.StartAsync(
            system, ("Attachments:AllowedOrigins:0", files.Origin), ("Attachments:MaxBytes", "10000"), ("Attachments:RetryDelay", "00:00:00.05"), ("Attachments:MaxRetries", "2"));
        string[] places = [$"{files.Origin}/good", $"{files.Origin}/redirect", $"{files.Origin}/long", $"{files.Origin}/endless", $"{files.Origin}/down", "https://elsewhere.example/x", "file:///etc/passwd", ""];
        await api.ExecuteAsync($"""
            insert into accounts (id) values ('mailparse:support');
            insert into activities (id, account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id, attachment_count, attachments)
            values (1, 'mailparse:support', sha256('a'), 'incoming', now(), now(), 'mailparse', 'e', 'mail.events', 0, 1, '', 60,
                '{JsonSerializer.Serialize(places.Select(url => new { name = "a.pdf", type = "application/pdf", size = 19, url }))}')
            """);

        Assert.Equal(
            ["1-0", "1-1", "1-2", "1-3", "1-4", "1-5 place-not-allowed", "1-6 place-not-allowed", "1-7 place-not-allowed"],
            (await ListAsync(api.Client, 1)).Select(line => line.Replace(" a.pdf application/pdf", "", StringComparison.Ordinal)));
        Assert.True((await api.Client.GetAsync("/api/activities/1/attachments")).Json.GetProperty("hasMore").GetBoolean());

        Assert.Equal(Pdf, (await api.Client.GetAsync("/api/attachments/1-0")).Text);
        (await api.Client.GetAsync("/api/attachments/1-1")).AssertProblem(503, "attachment-unavailable"); // 302: nobody follows
        (await api.Client.GetAsync("/api/attachments/1-2")).AssertProblem(422, "attachment-refused");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => api.Client.GetAsync("/api/attachments/1-3")); // too large only when it had begun
        (await api.Client.GetAsync("/api/attachments/1-5")).AssertProblem(422, "attachment-refused");
        Assert.Equal(0, files.Redirected);

        // Given up, asked for again, and there at the next try.
        (await api.Client.GetAsync("/api/attachments/1-4")).AssertProblem(503, "attachment-unavailable");
        await EngineMailbox.WaitAsync("0 linked 0, 1 dead 2, 2 refused 0, 3 refused 0, 4 dead 2, 5 refused 0", () => StatesAsync(api));
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from activities"));
        files.Down = false;
        files.FailOnce();
        (await api.Client.GetAsync("/api/attachments/1-4")).AssertProblem(503, "attachment-unavailable");
        await EngineMailbox.WaitAsync("0 linked 0, 1 dead 2, 2 refused 0, 3 refused 0, 4 linked 0, 5 refused 0", () => StatesAsync(api));

        var metric = (await api.Client.GetAsync("/api/metrics/pipeline")).Json.GetProperty("attachmentSuccess");
        Assert.Equal((2, 3), (metric.GetProperty("part").GetInt64(), metric.GetProperty("whole").GetInt64()));
    }

    private static Task<string> StatesAsync(ScratchApi api) =>
        api.QueryAsync<string>("select string_agg(concat_ws(' ', position, state, attempts), ', ' order by position) from attachment_links");

    private static object File(string filename, string contentType, string content) => new { filename, contentType, content = Encoding.UTF8.GetBytes(content) };

    private static string Sha256(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static async Task<List<string>> ListAsync(ApiClient api, long activity)
    {
        var answer = await api.GetAsync($"/api/activities/{activity}/attachments");
        answer.AssertStatus(200);
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(file => string.Join(' ', Shown.Select(name => file.GetProperty(name).GetString()).Where(text => text is not null)))];
    }

    private async Task<(HttpResponseMessage Answer, string Content)> DownloadAsync(string id, string? tag = null)
    {
        using var http = system.Application.CreateHttpClient("api", "http");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/attachments/{id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", system.ApiKey);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        var answer = await http.SendAsync(request, Cancel);
        return (answer, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Where files are that are not in a mailbox.</summary>
    private sealed class FileServer : IAsyncDisposable
    {
        private readonly WebApplication _server;
        private readonly ConcurrentBag<string> _redirected = [];
        private int _failures;

        private FileServer(WebApplication server) => _server = server;

        public string Origin => _server.Urls.Single();

        public volatile bool Down = true;

        public int Redirected => _redirected.Count;

        public static async Task<FileServer> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var files = new FileServer(builder.Build());
            files._server.Run(files.AnswerAsync);
            await files._server.StartAsync(Cancel);
            return files;
        }

        public void FailOnce() => Interlocked.Exchange(ref _failures, 1);

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            if (path == "/redirect")
            {
                context.Response.Redirect("/redirected");
                return;
            }

            if (path == "/redirected")
            {
                _redirected.Add(path);
            }

            if (path == "/down" && (Down || Interlocked.Exchange(ref _failures, 0) == 1))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }

            var content = Encoding.ASCII.GetBytes(path is "/long" or "/endless" ? Pdf.PadRight(path == "/long" ? 10_001 : 1_000_000) : Pdf);
            if (path != "/endless")
            {
                context.Response.ContentLength = content.Length;
            }

            await context.Response.Body.WriteAsync(content);
        }
    }
}
