using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Tells which requests are served. The first one of every client, and the only one that is answered in a version that the broker does not know.</summary>
/// <param name="served">All others.</param>
internal sealed class ApiVersionsApi(IEnumerable<Api> served) : ImmediateApi(ApiKey.ApiVersions, maxVersion: 3)
{
    private const short FirstFlexible = 3;

    private readonly (ApiKey Key, short MaxVersion)[] _served =
        [.. served.Select(api => (api.Key, api.MaxVersion)).Append((ApiKey.ApiVersions, FirstFlexible)).OrderBy(api => api.Item1)];

    /// <summary>Tells a client that is too new which version to ask in. It does so in version 0, the only one that such a client is sure to read.</summary>
    public ResponseWriter Refuse(int correlationId)
    {
        var response = new ResponseWriter(correlationId);
        response.WriteError(ErrorCode.UnsupportedVersion);
        response.WriteArrayLength(1);
        Write(version: 0, (Key, MaxVersion), response);
        return response;
    }

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        response.WriteError(ErrorCode.None);
        if (version >= FirstFlexible)
        {
            ReadClient(ref request);
            response.WriteCompactArrayLength(_served.Length);
        }
        else
        {
            response.WriteArrayLength(_served.Length);
        }

        foreach (var api in _served)
        {
            Write(version, api, response);
        }

        if (version >= 1)
        {
            response.WriteThrottleTime();
        }

        if (version >= FirstFlexible)
        {
            response.WriteNoTags();
        }
    }

    private static void ReadClient(ref RequestReader request)
    {
        request.SkipTags(); // Of the header.
        request.ReadCompactString(); // Name of the client's software.
        request.ReadCompactString(); // Its version.
        request.SkipTags();
    }

    private static void Write(short version, (ApiKey Key, short MaxVersion) api, ResponseWriter response)
    {
        response.WriteInt16((short)api.Key);
        response.WriteInt16(0);
        response.WriteInt16(api.MaxVersion);
        if (version >= FirstFlexible)
        {
            response.WriteNoTags();
        }
    }
}
