using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CrmMail.Cli.Http;

/// <summary>An answer of the Api.</summary>
/// <param name="Json">As it came.</param>
/// <param name="Value">As it is understood.</param>
internal readonly record struct Answer<T>(byte[] Json, T Value);

/// <summary>The operations of the Api, of which every error is a <see cref="ServerException"/>.</summary>
internal sealed class OperationsApi : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public OperationsApi(ServerAddress address)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !address.Url.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = address.Url,
            Timeout = Deadline,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.Key);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("crm-mail", typeof(OperationsApi).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Reads something.</summary>
    /// <param name="path">Path and query, relative to the root.</param>
    /// <param name="type">What is there.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, type, cancellationToken);
    }

    /// <summary>Asks for something to be done, without a body.</summary>
    public async Task<Answer<T>> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        return await SendAsync(request, type, cancellationToken);
    }

    /// <summary>Asks for something to be done.</summary>
    public async Task<Answer<T>> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) };
        return await SendAsync(request, type, cancellationToken);
    }

    /// <summary>Reads something long, however long that takes.</summary>
    /// <returns>The answer, of which the body is still to be read; a failure within it is an <see cref="IOException"/>.</returns>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await TrySendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await TrySendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return new Answer<T>(json, JsonSerializer.Deserialize(json, type) ?? throw new JsonException());
        }
        catch (JsonException exception)
        {
            throw new ServerException($"{_http.BaseAddress} answers, and not as CrmMail does: check --url, and that server and crm-mail are of one version", innerException: exception);
        }
    }

    private async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, completion, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw await Refusal.OfAsync(response, cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerException($"{_http.BaseAddress} did not answer within {Deadline.TotalSeconds:0} seconds: try again, or look at its health ({_http.BaseAddress}health)", isPassing: true, exception);
        }
    }

    private ServerException Unreachable(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => new($"{_http.BaseAddress} shows no certificate that this machine trusts: check --url, or install the certificate", innerException: exception),
        HttpRequestError.NameResolutionError => new($"there is no machine {_http.BaseAddress!.Host}: check --url", isPassing: true, exception),
        _ => new($"nothing answers at {_http.BaseAddress}: start the Api (in a checkout: ./run), or say by --url where it is", isPassing: true, exception),
    };
}
