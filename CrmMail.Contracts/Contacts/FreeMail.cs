using System.Collections.Frozen;

namespace CrmMail.Contracts;

/// <summary>Domains at which anybody can have an address: they say nothing of a company, or of who somebody is. The list and its source: <c>free-mail-domains.txt</c>.</summary>
public static class FreeMail
{
    private static readonly FrozenSet<string> Domains = ReadEmbedded();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> DomainsBySpan = Domains.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many domains are listed.</summary>
    public static int Count => Domains.Count;

    /// <summary>Whether the domain, in lower case, is one of free mail.</summary>
    public static bool Includes(ReadOnlySpan<char> domain) => DomainsBySpan.Contains(domain);

    private static FrozenSet<string> ReadEmbedded()
    {
        using var reader = new StreamReader(typeof(FreeMail).Assembly.GetManifestResourceStream("free-mail-domains.txt")!);
        var domains = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                domains.Add(line);
            }
        }

        return domains.ToFrozenSet(StringComparer.Ordinal);
    }
}
