using System.Text.Json.Serialization;

namespace KafkaBroker.Topics;

/// <summary>What a topic's folder says of it beside its partitions.</summary>
/// <param name="Partitions">How many there are.</param>
/// <param name="Settings">Those it was given.</param>
internal sealed record TopicFile(int Partitions, IReadOnlyDictionary<string, string> Settings);

/// <summary>The JSON of the data folder.</summary>
[JsonSerializable(typeof(TopicFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class TopicJson : JsonSerializerContext;
