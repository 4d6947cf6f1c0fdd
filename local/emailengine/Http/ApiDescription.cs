using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

/// <summary>EmailEngine's <c>openapi.json</c>: what a request may contain and what an answer must look like.</summary>
internal sealed class ApiDescription
{
    private const string AccessToken = "access_token";
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

    /// <summary>The described headers as the types of the description; others are nobody's business.</summary>
    /// <exception cref="ApiError">400 with one entry for every header that is wrong.</exception>
    public JsonObject ReadHeaders(JsonElement operation, IHeaderDictionary headers)
    {
        var reader = new SchemaReader(this, SchemaReading.Request);
        var result = ReadParameters(reader, operation, "header", name => headers.TryGetValue(name, out var values) ? values.ToString() : null);
        return reader.Errors.Count == 0 ? result : throw ApiError.Invalid(reader.Errors);
    }

    /// <summary>The parameters of the path as the types of the description.</summary>
    /// <exception cref="ApiError">400 with one entry for every parameter that is wrong.</exception>
    public JsonObject ReadPath(JsonElement operation, RouteValueDictionary route)
    {
        var reader = new SchemaReader(this, SchemaReading.Request);
        var result = ReadParameters(reader, operation, "path", name => route[name] as string);
        return reader.Errors.Count == 0 ? result : throw ApiError.Invalid(reader.Errors);
    }

    /// <summary>Query arguments as the types of the description, defaults filled in.</summary>
    /// <exception cref="ApiError">400 with one entry for every argument that is wrong or unknown.</exception>
    public JsonObject ReadQuery(JsonElement operation, IQueryCollection query)
    {
        var reader = new SchemaReader(this, SchemaReading.Request);
        var result = ReadParameters(reader, operation, "query", name => query.TryGetValue(name, out var values) ? values.ToString() : null);
        HashSet<string> known = [AccessToken, .. Parameters(operation, "query").Select(Name)];
        reader.RefuseUnknown(query.Keys.Where(key => !known.Contains(key)));
        return reader.Errors.Count == 0 ? result : throw ApiError.Invalid(reader.Errors);
    }

    private static JsonObject ReadParameters(SchemaReader reader, JsonElement operation, string kind, Func<string, string?> given)
    {
        JsonObject result = [];
        foreach (var parameter in Parameters(operation, kind))
        {
            var name = Name(parameter);
            if (reader.ReadProperty(parameter.GetProperty("schema"), given(name), name, IsRequired(parameter)) is { } read)
            {
                result[name] = read;
            }
        }

        return result;
    }

    private static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    private static bool IsRequired(JsonElement parameter) => parameter.TryGetProperty("required", out var required) && required.GetBoolean();

    private static IEnumerable<JsonElement> Parameters(JsonElement operation, string kind) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == kind)
            : [];
}
