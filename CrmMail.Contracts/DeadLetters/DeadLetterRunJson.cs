using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>The JSON of <c>dead_letter_runs.request</c>, which the Api writes and the Processor reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetterRunRequest))]
public sealed partial class DeadLetterRunJson : JsonSerializerContext;
