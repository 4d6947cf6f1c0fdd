using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmailEngineSimulator.Http;

/// <summary>One page of a listing: <c>total</c>, <c>page</c> (from 0), <c>pages</c> and the entries.</summary>
internal sealed class Page<T>
{
    private readonly IReadOnlyList<T> _all;
    private readonly int _number;
    private readonly int _size;

    public Page(IReadOnlyList<T> all, ApiCall call)
        : this(all, call.Number("page"), call.Number("pageSize", 20))
    {
    }

    public Page(IReadOnlyList<T> all, int number, int size)
    {
        _all = all;
        _size = size;
        _number = number;
    }

    /// <summary>Further members of the answer.</summary>
    public JsonObject Echo { get; init; } = [];

    public int Pages => Math.Max(1, (_all.Count + _size - 1) / _size);

    public IEnumerable<T> Entries => _all.Skip((int)Math.Min((long)_number * _size, int.MaxValue)).Take(_size);

    public JsonObject As(string name)
    {
        var body = new JsonObject { ["total"] = _all.Count, ["page"] = _number, ["pages"] = Pages };
        foreach (var (key, value) in Echo)
        {
            body[key] = value?.DeepClone();
        }

        body[name] = JsonSerializer.SerializeToNode(Entries, EngineJson.Options);
        return body;
    }
}
