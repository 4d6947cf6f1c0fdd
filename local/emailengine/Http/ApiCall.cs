using System.Globalization;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

/// <summary>A request that matches the description.</summary>
internal sealed class ApiCall(JsonObject headers, JsonObject path, JsonObject query, JsonObject body)
{
    public JsonObject Body { get; } = body;

    public JsonObject Query { get; } = query;

    public string Route(string name) => path[name]!.ToString();

    /// <param name="name">In lower case, as the description has it.</param>
    public string? Header(string name) => headers[name]?.ToString();

    public string? Argument(string name) => Query[name]?.ToString();

    public int Number(string name, int fallback = 0) => Query[name] is { } value ? int.Parse(value.ToString(), CultureInfo.InvariantCulture) : fallback;
}
