using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace EmailEngineSimulator.Http;

/// <summary>The top-level domains that exist. EmailEngine refuses an address under any other, so <c>user@corp.test</c> too.</summary>
internal sealed class TopLevelDomains
{
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[],;:\\\"@");
    private readonly FrozenSet<string> _names;

    private TopLevelDomains(IEnumerable<string> names) => _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static TopLevelDomains Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("top-level-domains.txt")!);
        return new TopLevelDomains(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'));
    }

    /// <summary>Whether EmailEngine takes the text for an e-mail address.</summary>
    public bool IsAddress(string text)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64 || text.Length > 254 || text.Any(char.IsWhiteSpace) || text.AsSpan(0, at).ContainsAny(Specials))
        {
            return false;
        }

        var labels = text[(at + 1)..].Split('.');
        return labels.Length >= 2 && labels.All(IsLabel) && text[0] != '.' && text[at - 1] != '.' && !text.Contains("..", StringComparison.Ordinal)
            && ToALabel(labels[^1]) is { } domain && _names.Contains(domain);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => c == '-' || char.IsLetterOrDigit(c) || c > 127);

    private static string? ToALabel(string label)
    {
        try
        {
            return new IdnMapping().GetAscii(label);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
