using System.Globalization;

namespace CrmMail.Cli.Http;

/// <summary>The part of an address after the question mark.</summary>
internal sealed class Query
{
    private readonly List<string> _parts = [];

    public Query Add(string name, string? value)
    {
        if (value is not null)
        {
            _parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return this;
    }

    public Query Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query Add(string name, DateTimeOffset? value) => Add(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    /// <summary>The path with this query.</summary>
    public string On(string path) => _parts.Count == 0 ? path : $"{path}?{string.Join('&', _parts)}";
}

/// <summary>A part of a list.</summary>
/// <param name="Items">What is in it.</param>
/// <param name="Next">The cursor of the part after it; null when this is the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
