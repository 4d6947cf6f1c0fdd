using System.Collections.Frozen;

namespace CrmMail.Api.Companies;

/// <summary>Domains at which anybody can have an address: they say nothing of a company. The list and its source: <c>free-mail-domains.txt</c>.</summary>
internal static class FreeMail
{
    private static readonly FrozenSet<string> Domains = ReadEmbedded();

    /// <summary>How many domains are listed.</summary>
    public static int Count => Domains.Count;

    /// <summary>Whether the domain, in lower case, is one of free mail.</summary>
    public static bool Includes(string domain) => Domains.Contains(domain);

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
