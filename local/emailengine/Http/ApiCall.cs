using System.Globalization;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

/// <summary>A request that matches the description.</summary>
internal sealed class ApiCall(HttpContext context, JsonObject body, JsonObject query)
{
    public JsonObject Body { get; } = body;

    public JsonObject Query { get; } = query;

    public string Route(string name) => (string)context.GetRouteValue(name)!;

    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString().Trim() : null;

    public string? Argument(string name) => Query[name]?.ToString();

    public int Number(string name, int fallback = 0) => Query[name] is { } value ? int.Parse(value.ToString(), CultureInfo.InvariantCulture) : fallback;
}
