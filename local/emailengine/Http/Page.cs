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

    public int Pages => Math.Max(1, (_all.Count + _size - 1) / _size);

    private IEnumerable<T> Entries => _all.Skip((int)Math.Min((long)_number * _size, int.MaxValue)).Take(_size);

    /// <param name="name">The member that holds the entries.</param>
    /// <param name="describe">What an entry looks like; called for the entries of this page only.</param>
    /// <param name="further">Further members.</param>
    public JsonObject As(string name, Func<T, object> describe, JsonObject further)
    {
        var body = new JsonObject { ["total"] = _all.Count, ["page"] = _number, ["pages"] = Pages };
        foreach (var (key, value) in further)
        {
            body[key] = value?.DeepClone();
        }

        body[name] = JsonSerializer.SerializeToNode(Entries.Select(describe), EngineJson.Options);
        return body;
    }
}
