using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>One request of the protocol: how it is read, what it does, how it is answered. The versions of both are in its file and nowhere else.</summary>
/// <param name="key">Its number.</param>
/// <param name="maxVersion">The latest version that is served. All from 0 on are offered, since old clients look for version 0 to find out what a broker can do.</param>
internal abstract class Api(ApiKey key, short maxVersion)
{
    public ApiKey Key => key;

    public short MaxVersion => maxVersion;

    /// <summary>Reads the rest of the request and does what it asks.</summary>
    /// <param name="header">The part that was read already.</param>
    /// <param name="request">Valid only until the method returns, not until its task completes.</param>
    /// <param name="caller">Who asks.</param>
    /// <returns>The answer, which the caller disposes; null when the client wants none.</returns>
    /// <exception cref="MalformedRequestException">It cannot be read.</exception>
    public abstract ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller);
}

/// <summary>A request that waits for nothing.</summary>
/// <param name="key">Its number.</param>
/// <param name="maxVersion">The latest version that is served.</param>
internal abstract class ImmediateApi(ApiKey key, short maxVersion) : Api(key, maxVersion)
{
    public sealed override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var response = new ResponseWriter(header.CorrelationId);
        try
        {
            Answer(header.Version, ref request, response);
            return new(response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Reads the request and writes the answer, element by element.</summary>
    protected abstract void Answer(short version, ref RequestReader request, ResponseWriter response);
}
