using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

internal enum SchemaReading
{
    /// <summary>As EmailEngine reads input: "5" is a number, one address is a list of one, text is trimmed, an empty text is none.</summary>
    Request,

    /// <summary>As a client may rely on an answer: nothing is converted.</summary>
    Response,
}

/// <summary>Reads a value against a schema of the description and collects what is wrong, in EmailEngine's words.</summary>
internal sealed class SchemaReader(ApiDescription api, SchemaReading reading)
{
    public List<FieldError> Errors { get; } = [];

    public JsonNode? Read(JsonElement schema, JsonNode? value, string path)
    {
        schema = api.Resolve(schema);
        if (value is null)
        {
            return Is(schema, "nullable") ? null : Refuse(path, "must not be null");
        }

        if (schema.TryGetProperty("anyOf", out var alternatives))
        {
            return ReadAny(alternatives, value, path);
        }

        // "enum": [false] is how the description writes "or false".
        if (value.GetValueKind() == JsonValueKind.False && Allowed(schema).Any(entry => entry.ValueKind == JsonValueKind.False))
        {
            return value;
        }

        return Text(schema, "type") switch
        {
            "object" => ReadObject(schema, value, path),
            "array" => ReadArray(schema, value, path),
            "string" => ReadString(schema, value, path),
            "boolean" => ReadBoolean(value, path),
            "integer" => ReadNumber(schema, value, path, whole: true),
            "number" => ReadNumber(schema, value, path, whole: false),
            _ => value,
        };
    }

    /// <summary>A property or argument that may be absent; its default then.</summary>
    public JsonNode? ReadProperty(JsonElement schema, JsonNode? value, string path, bool required)
    {
        schema = api.Resolve(schema);
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0 && reading == SchemaReading.Request)
        {
            value = null;
        }

        if (value is not null)
        {
            return Read(schema, value, path);
        }

        return required ? Refuse(path, "is required")
            : reading == SchemaReading.Request && schema.TryGetProperty("default", out var fallback) ? JsonSerializer.SerializeToNode(fallback)
            : null;
    }

    public void RefuseUnknown(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            Refuse(path, "is not allowed");
        }
    }

    private JsonNode? ReadAny(JsonElement alternatives, JsonNode value, string path)
    {
        foreach (var alternative in alternatives.EnumerateArray())
        {
            var attempt = new SchemaReader(api, reading);
            var read = attempt.Read(alternative, value.DeepClone(), path);
            if (attempt.Errors.Count == 0)
            {
                return read;
            }
        }

        return Refuse(path, "does not match any of the allowed types");
    }

    private JsonNode? ReadObject(JsonElement schema, JsonNode value, string path)
    {
        if (value is not JsonObject source)
        {
            return Refuse(path, "must be of type object");
        }

        if (!schema.TryGetProperty("properties", out var properties))
        {
            return source.DeepClone();
        }

        JsonObject result = [];
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        foreach (var property in properties.EnumerateObject())
        {
            var propertyPath = Join(path, property.Name);
            if (source.TryGetPropertyValue(property.Name, out var given) && given is null)
            {
                Read(property.Value, null, propertyPath);
                result[property.Name] = null;
            }
            else if (ReadProperty(property.Value, given, propertyPath, required.Contains(property.Name)) is { } read)
            {
                result[property.Name] = read.Parent is null ? read : read.DeepClone();
            }
        }

        RefuseUnknown(source.Select(pair => pair.Key).Where(key => !properties.TryGetProperty(key, out _)).Select(key => Join(path, key)));
        return result;
    }

    private JsonArray? ReadArray(JsonElement schema, JsonNode value, string path)
    {
        if (value is not JsonArray list)
        {
            var single = reading == SchemaReading.Request && schema.TryGetProperty("x-constraint", out var constraint) && Is(constraint, "single");
            if (!single)
            {
                Refuse(path, "must be an array");
                return null;
            }

            list = [value.DeepClone()];
        }

        JsonArray result = [];
        for (var i = 0; i < list.Count; i++)
        {
            var item = schema.TryGetProperty("items", out var items) ? Read(items, list[i], $"{path}[{i}]") : list[i];
            result.Add(item?.DeepClone());
        }

        return result;
    }

    private JsonNode? ReadString(JsonElement schema, JsonNode value, string path)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            return Refuse(path, "must be a string");
        }

        var text = Convert(schema, value.GetValue<string>());
        if (schema.TryGetProperty("maxLength", out var maxLength) && text.Length > maxLength.GetInt32())
        {
            return Refuse(path, $"length must be less than or equal to {maxLength.GetInt32()} characters long");
        }

        var allowed = Allowed(schema).Where(entry => entry.ValueKind == JsonValueKind.String).Select(entry => entry.GetString()!).ToList();
        if (allowed.Count > 0 && !allowed.Contains(text))
        {
            return Refuse(path, $"must be one of [{string.Join(", ", allowed)}]");
        }

        return FormatProblem(schema, text) is { } problem ? Refuse(path, problem) : JsonValue.Create(text);
    }

    private string? FormatProblem(JsonElement schema, string text)
    {
        if (Text(schema, "format") == "date-time")
        {
            var isDate = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
            return isDate || (Text(schema, "default") == text) ? null : "must be in ISO 8601 date format";
        }

        if (!schema.TryGetProperty("x-format", out var format))
        {
            return null;
        }

        if (format.TryGetProperty("email", out _))
        {
            return api.Domains.IsAddress(text) ? null : "must be a valid email";
        }

        return format.TryGetProperty("uri", out var uri) && uri.ValueKind == JsonValueKind.Object ? UriProblem(uri, text) : null;
    }

    private static string? UriProblem(JsonElement format, string text)
    {
        var schemes = format.GetProperty("scheme").EnumerateArray().Select(scheme => scheme.GetString()!).ToList();
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
            ? null
            : $"must be a valid uri with a scheme matching the {string.Join('|', schemes)} pattern";
    }

    private string Convert(JsonElement schema, string text)
    {
        if (reading == SchemaReading.Response || !schema.TryGetProperty("x-convert", out var conversion))
        {
            return text;
        }

        text = Is(conversion, "trim") ? text.Trim() : text;
        return Text(conversion, "case") == "lower" ? text.ToLowerInvariant() : text;
    }

    private JsonNode? ReadBoolean(JsonNode value, string path)
    {
        var kind = value.GetValueKind();
        if (kind is JsonValueKind.True or JsonValueKind.False)
        {
            return value;
        }

        var text = reading == SchemaReading.Request ? value.ToString() : "";
        return text switch
        {
            "true" or "Y" or "1" => JsonValue.Create(true),
            "false" or "N" or "0" => JsonValue.Create(false),
            _ => Refuse(path, "must be a boolean"),
        };
    }

    private JsonNode? ReadNumber(JsonElement schema, JsonNode value, string path, bool whole)
    {
        var isNumber = value.GetValueKind() == JsonValueKind.Number || (reading == SchemaReading.Request && value.GetValueKind() == JsonValueKind.String);
        if (!isNumber || !decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return Refuse(path, "must be a number");
        }

        if (whole && number != decimal.Truncate(number))
        {
            return Refuse(path, "must be an integer");
        }

        if (schema.TryGetProperty("minimum", out var minimum) && number < minimum.GetDecimal())
        {
            return Refuse(path, $"must be greater than or equal to {minimum.GetDecimal()}");
        }

        if (schema.TryGetProperty("maximum", out var maximum) && number > maximum.GetDecimal())
        {
            return Refuse(path, $"must be less than or equal to {maximum.GetDecimal()}");
        }

        return whole ? JsonValue.Create((long)number) : JsonValue.Create(number);
    }

    private JsonNode? Refuse(string path, string problem)
    {
        var key = path.EndsWith(']') ? path[(path.LastIndexOf('[') + 1)..^1] : path[(path.LastIndexOf('.') + 1)..];
        Errors.Add(new FieldError($"\"{path}\" {problem}", key));
        return null;
    }

    private static string Join(string path, string name) => path == "value" ? name : $"{path}.{name}";

    private static bool Is(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<JsonElement> Allowed(JsonElement schema) => schema.TryGetProperty("enum", out var entries) ? [.. entries.EnumerateArray()] : [];
}
