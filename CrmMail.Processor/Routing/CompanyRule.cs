using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>The newest deal of the company at whose domain the sender is that was open when the mail was written.</summary>
internal sealed class CompanyRule : IDealRule
{
    private readonly string _sql = SqlFile.Read("newest_deals_of_domains");
    private readonly Dictionary<long, Guid> _deals = [];

    public DealReason Reason => DealReason.Company;

    public NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails)
    {
        _deals.Clear();
        var ids = new List<long>(mails.Count);
        var times = new List<DateTime>(mails.Count);
        var domains = new List<string>(mails.Count);
        foreach (var mail in mails)
        {
            if (mail.SenderDomain is { } domain)
            {
                ids.Add(mail.ActivityId);
                times.Add(mail.WrittenAt);
                domains.Add(domain);
            }
        }

        return ids.Count == 0 ? null : new NpgsqlBatchCommand(_sql) { Parameters = { new() { Value = ids }, new() { Value = times }, new() { Value = domains } } };
    }

    public void Read(NpgsqlDataReader row) => _deals.Add(row.GetInt64(0), row.GetGuid(1));

    public Guid? DealOf(RoutedMail mail) => _deals.TryGetValue(mail.ActivityId, out var deal) ? deal : null;
}
