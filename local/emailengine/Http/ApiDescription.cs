using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

/// <summary>EmailEngine's <c>openapi.json</c>: what a request may contain and what an answer must look like.</summary>
internal sealed class ApiDescription
{
    private readonly JsonElement _document;

    public ApiDescription()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        using var document = JsonDocument.Parse(stream);
        _document = document.RootElement.Clone();
        Domains = TopLevelDomains.Load();
    }

    public TopLevelDomains Domains { get; }

    /// <summary>EmailEngine's version, as <c>2.79.2</c>.</summary>
    public string Version => _document.GetProperty("info").GetProperty("version").GetString()!;

    /// <summary>Every operation, as <c>GET /v1/accounts</c>.</summary>
    public IEnumerable<string> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select $"{operation.Name.ToUpperInvariant()} {path.Name}";

    public JsonElement Operation(string method, string path) =>
        _document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant());

    public JsonElement Schema(string name) => _document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    /// <summary>Follows <c>$ref</c> to the schema itself.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = Schema(reference.GetString()!.Split('/')[^1]);
        }

        return schema;
    }

    /// <summary>The request body as EmailEngine would read it: trimmed, single values in lists where a list is expected.</summary>
    /// <exception cref="ApiError">400 with one entry for every field that is wrong.</exception>
    public JsonObject ReadBody(JsonElement operation, JsonNode? body)
    {
        if (!operation.TryGetProperty("requestBody", out var requestBody))
        {
            return [];
        }

        var schema = requestBody.GetProperty("content").GetProperty("application/json").GetProperty("schema");
        return ReadObject(schema, body);
    }

    /// <exception cref="ApiError">400 with one entry for every field that is wrong.</exception>
    public JsonObject ReadObject(JsonElement schema, JsonNode? value)
    {
        var reader = new SchemaReader(this, SchemaReading.Request);
        var read = reader.Read(schema, value ?? new JsonObject(), "value");
        return reader.Errors.Count == 0 && read is JsonObject result ? result : throw ApiError.Invalid(reader.Errors);
    }

    /// <summary>Query arguments as the types of the description, defaults filled in.</summary>
    /// <exception cref="ApiError">400 with one entry for every argument that is wrong or unknown.</exception>
    public JsonObject ReadQuery(JsonElement operation, IQueryCollection query)
    {
        var reader = new SchemaReader(this, SchemaReading.Request);
        JsonObject result = [];
        HashSet<string> known = ["access_token"];
        foreach (var parameter in Parameters(operation, "query"))
        {
            var name = parameter.GetProperty("name").GetString()!;
            known.Add(name);
            JsonNode? value = query.TryGetValue(name, out var values) ? values.ToString() : null;
            var read = reader.ReadProperty(parameter.GetProperty("schema"), value, name, IsRequired(parameter));
            if (read is not null)
            {
                result[name] = read;
            }
        }

        reader.RefuseUnknown(query.Keys.Where(key => !known.Contains(key)));
        return reader.Errors.Count == 0 ? result : throw ApiError.Invalid(reader.Errors);
    }

    private static bool IsRequired(JsonElement parameter) => parameter.TryGetProperty("required", out var required) && required.GetBoolean();

    private static IEnumerable<JsonElement> Parameters(JsonElement operation, string kind) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == kind)
            : [];
}
