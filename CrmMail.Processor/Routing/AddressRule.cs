using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Routing;

/// <summary>The deal whose routing address is among the recipients, open or closed. Of several addresses the first in the order of their text.</summary>
internal sealed class AddressRule : IDealRule
{
    private readonly string _sql = SqlFile.Read("known_deals");
    private readonly HashSet<Guid> _known = [];

    public DealReason Reason => DealReason.RoutingAddress;

    public NpgsqlBatchCommand? Ask(IReadOnlyList<RoutedMail> mails)
    {
        _known.Clear();
        var named = new HashSet<Guid>();
        foreach (var mail in mails)
        {
            foreach (var address in mail.Addresses)
            {
                if (address.Kind == RoutingAddressKind.Deal)
                {
                    named.Add(address.DealId);
                }
            }
        }

        return named.Count == 0 ? null : new NpgsqlBatchCommand(_sql) { Parameters = { new() { Value = new List<Guid>(named) } } };
    }

    public void Read(NpgsqlDataReader row) => _known.Add(row.GetGuid(0));

    public Guid? DealOf(RoutedMail mail)
    {
        foreach (var address in mail.Addresses)
        {
            if (address.Kind == RoutingAddressKind.Deal && _known.Contains(address.DealId))
            {
                return address.DealId;
            }
        }

        return null;
    }
}
