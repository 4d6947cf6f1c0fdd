using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmailEngineSimulator.Http;

/// <summary>A date, or <c>false</c> where EmailEngine has none.</summary>
internal sealed class DateOrFalse : JsonConverter<DateTimeOffset?>
{
    public override bool HandleNull => true;

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.False ? null : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } date)
        {
            writer.WriteStringValue(date.ToIso());
        }
        else
        {
            writer.WriteBooleanValue(false);
        }
    }
}
