using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>The newest deal of the contacts of the mail that was open when it was written.</summary>
internal sealed class ContactRule : IDealRule
{
    private readonly string _sql = SqlFile.Read("newest_deals_of_contacts");
    private readonly Dictionary<long, Guid> _deals = [];

    public DealReason Reason => DealReason.Contact;

    public NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails)
    {
        _deals.Clear();
        var ids = new List<long>(mails.Count);
        var times = new List<DateTime>(mails.Count);
        foreach (var mail in mails)
        {
            ids.Add(mail.ActivityId);
            times.Add(mail.WrittenAt);
        }

        return new NpgsqlBatchCommand(_sql) { Parameters = { new() { Value = ids }, new() { Value = times } } };
    }

    public void Read(NpgsqlDataReader row) => _deals.Add(row.GetInt64(0), row.GetGuid(1));

    public Guid? DealOf(RoutedMail mail) => _deals.TryGetValue(mail.ActivityId, out var deal) ? deal : null;
}
