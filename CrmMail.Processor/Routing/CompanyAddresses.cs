using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>The companies to whose addresses the mails of a batch went.</summary>
internal sealed class CompanyAddresses : IRoutingLookup
{
    private readonly string _sql = SqlFile.Read("known_slugs");
    private readonly Dictionary<string, Guid> _companies = new(StringComparer.Ordinal);

    public NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails)
    {
        _companies.Clear();
        var slugs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mail in mails)
        {
            foreach (var address in mail.Addresses)
            {
                if (address.Slug is { } slug)
                {
                    slugs.Add(slug);
                }
            }
        }

        return slugs.Count == 0 ? null : new NpgsqlBatchCommand(_sql) { Parameters = { new() { Value = new List<string>(slugs) } } };
    }

    public void Read(NpgsqlDataReader row) => _companies.Add(row.GetString(0), row.GetGuid(1));

    /// <summary>The company of the first such address in the order of their text; null when there is none.</summary>
    public Guid? CompanyOf(RoutedMail mail)
    {
        foreach (var address in mail.Addresses)
        {
            if (address.Slug is { } slug && _companies.TryGetValue(slug, out var company))
            {
                return company;
            }
        }

        return null;
    }
}
