using KafkaBroker.Apis;
using KafkaBroker.Protocol;

namespace KafkaBroker.Server;

/// <summary>Finds who answers a request.</summary>
internal sealed class ApiTable
{
    private readonly Dictionary<ApiKey, Api> _apis;
    private readonly ApiVersionsApi _versions;
    private readonly BrokerMetrics _metrics;

    /// <param name="apis">All but ApiVersions.</param>
    /// <param name="metrics">Counts requests.</param>
    public ApiTable(IReadOnlyList<Api> apis, BrokerMetrics metrics)
    {
        _versions = new(apis);
        _apis = apis.Append(_versions).ToDictionary(api => api.Key);
        _metrics = metrics;
    }

    /// <inheritdoc cref="Api.AnswerAsync" />
    /// <param name="frame">The whole request.</param>
    /// <param name="caller">Who asks.</param>
    public ValueTask<ResponseWriter?> AnswerAsync(Span<byte> frame, Caller caller)
    {
        var request = new RequestReader(frame);
        var header = RequestHeader.Read(ref request);
        if (!_apis.TryGetValue(header.Key, out var api))
        {
            throw new MalformedRequestException($"Request {header.Key} is not served.");
        }

        _metrics.CountRequest(header.Key);
        return header.Version >= 0 && header.Version <= api.MaxVersion ? api.AnswerAsync(header, ref request, caller)
            : api == _versions ? new(_versions.Refuse(header.CorrelationId))
            : throw new MalformedRequestException($"Version {header.Version} of {header.Key} is not served.");
    }
}
