using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using CrmMail.Ingest.Limits;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>Reads the listing of MailParse: <c>GET {BaseUrl}/inboxes/{inbox}/messages?limit=&amp;cursor=</c> with a bearer token.</summary>
internal sealed class ListingClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _baseUrl;
    private readonly TimeProvider _time;

    public ListingClient(HttpClient http, IOptions<PollingOptions> polling, IOptions<LimitOptions> limits, TimeProvider time)
    {
        _baseUrl = polling.Value.BaseUrl?.AbsoluteUri.TrimEnd('/') ?? "";
        _time = time;
        _http = http;
        _http.Timeout = Timeout;
        // The same bound as for a webhook: the page is held as one.
        _http.MaxResponseContentBufferSize = limits.Value.MaxBodyBytes;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", polling.Value.Token);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Reads a page.</summary>
    /// <param name="inbox">Whose mails.</param>
    /// <param name="cursor">Where it begins; null for the beginning of the listing.</param>
    /// <param name="limit">The most mails of it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ListingException">There is no page.</exception>
    public async Task<ListingPage> ReadAsync(MailParseInbox inbox, string? cursor, int limit, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(AddressOf(inbox, cursor, limit), cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new ListingException($"the listing answered {(int)answer.StatusCode}")
                {
                    RetryAfter = RetryAfterOf(answer.Headers.RetryAfter),
                    IsCursorGone = answer.StatusCode == HttpStatusCode.Gone && cursor is not null,
                };
            }

            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!ListingPage.TryRead(body, out var page) || (page.HasMore && (page.NextCursor is null || page.NextCursor == cursor)))
            {
                throw new ListingException("the listing answered with no page, or with one that leads nowhere");
            }

            return page;
        }
        catch (HttpRequestException failed)
        {
            throw new ListingException($"the listing could not be read: {failed.HttpRequestError}", failed);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ListingException("the listing did not answer in time", late);
        }
    }

    private Uri AddressOf(MailParseInbox inbox, string? cursor, int limit)
    {
        var page = string.Create(CultureInfo.InvariantCulture, $"{_baseUrl}/inboxes/{inbox.Name}/messages?limit={limit}");
        return new Uri(cursor is null ? page : $"{page}&cursor={Uri.EscapeDataString(cursor)}");
    }

    /// <summary>Seconds or a date (RFC 9110, section 10.2.3).</summary>
    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
}
