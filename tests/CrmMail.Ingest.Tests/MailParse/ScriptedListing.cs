using System.Net;
using System.Text;

namespace CrmMail.Ingest.Tests.MailParse;

/// <summary>A listing that answers as it is told, and keeps what it was asked.</summary>
internal sealed class ScriptedListing : HttpMessageHandler
{
    private readonly List<(string Address, string? Token)> _requests = [];

    public Func<HttpResponseMessage> Answer { get; set; } = () => Page("""{"messages":[]}""");

    public IReadOnlyList<(string Address, string? Token)> Requests => _requests;

    public static HttpResponseMessage Page(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Refusal(int status, string? retryAfter)
    {
        var refusal = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            refusal.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return refusal;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add((request.RequestUri!.AbsoluteUri, request.Headers.Authorization?.ToString()));
        return Task.FromResult(Answer());
    }
}
