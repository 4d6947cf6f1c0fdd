using System.Text.Json;

namespace KafkaConformance.Tests.Clients;

/// <summary>A record as the programs beside this file take and give it, in JSON.</summary>
internal sealed record ForeignRecord
{
    public string? Key { get; init; }

    public string? Value { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>Milliseconds since 1970.</summary>
    public long Timestamp { get; init; }
}

/// <summary>Where a program says that something is.</summary>
internal sealed record ForeignOffset(int Partition, long Offset);

/// <summary>Where a program says that a partition begins and ends.</summary>
internal sealed record ForeignRange(int Partition, long Low, long High);

internal static class ForeignJson
{
    // kafkajs writes 64-bit numbers as texts.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static T Read<T>(string output) => JsonSerializer.Deserialize<T>(output.Trim().Split('\n')[^1], Options)!;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
