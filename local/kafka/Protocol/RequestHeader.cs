namespace KafkaBroker.Protocol;

/// <summary>What precedes every request.</summary>
/// <param name="Key">Which request it is, perhaps none that is served.</param>
/// <param name="Version">Version of the request and of its answer.</param>
/// <param name="CorrelationId">Repeated in the answer.</param>
/// <param name="ClientId">What the client calls itself.</param>
internal readonly record struct RequestHeader(ApiKey Key, short Version, int CorrelationId, string ClientId)
{
    /// <summary>Reads header version 1. The tags that version 2 adds are left to the request, since only ApiVersions has such a version.</summary>
    public static RequestHeader Read(ref RequestReader reader) =>
        new((ApiKey)reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt32(), reader.ReadNullableString() ?? "");
}
