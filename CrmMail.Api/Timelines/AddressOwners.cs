using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Timelines;

/// <summary>Whose the addresses of a mail are, by every rule: all candidates, where the Processor reads only who wins.</summary>
internal sealed class AddressOwners
{
    // Own accounts first, and then contacts in the order of their making: the first of a key is who wins.
    private const string ByAddress = """
        select own.address, own.address, null::uuid, null::text, own.account_id, null::text, null::text
        from account_addresses as own
        where own.address = any ($1)
        union all
        select known.address, known.address, known.contact_id, contacts.name, null, contacts.origin, contacts.origin_event_id
        from contact_addresses as known
        join contacts on contacts.id = known.contact_id
        where known.address = any ($1)
        order by 3 nulls first, 5
        """;

    private const string ByGmailMailbox = """
        select gmail_mailbox(own.address), own.address, null::uuid, null::text, own.account_id, null::text, null::text
        from account_addresses as own
        where gmail_mailbox(own.address) = any ($1)
        union all
        select gmail_mailbox(known.address), known.address, known.contact_id, contacts.name, null, contacts.origin, contacts.origin_event_id
        from contact_addresses as known
        join contacts on contacts.id = known.contact_id
        where gmail_mailbox(known.address) = any ($1)
        order by 3 nulls first, 5, 2
        """;

    private readonly Dictionary<string, List<AddressOwner>> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<AddressOwner>> _byGmailMailbox = new(StringComparer.Ordinal);

    public static async Task<AddressOwners> ReadAsync(NpgsqlDataSource database, IReadOnlyCollection<EmailAddress> addresses, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(ByAddress) { Parameters = { new() { Value = Keys(addresses, MatchRule.Exact, MatchRule.PlusTag) } } });
        batch.BatchCommands.Add(new(ByGmailMailbox) { Parameters = { new() { Value = Keys(addresses, MatchRule.SameGmail) } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var owners = new AddressOwners();
        await ReadAsync(reader, owners._byAddress, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await ReadAsync(reader, owners._byGmailMailbox, cancellationToken);
        return owners;
    }

    /// <summary>What each rule says of the address, to the one that decides.</summary>
    public List<TriedRule> Try(EmailAddress address)
    {
        var tried = new List<TriedRule>();
        foreach (var rule in MatchRules.InOrder)
        {
            var key = rule.KeyOf(address);
            var candidates = key is null ? [] : Of(rule).GetValueOrDefault(key, []);
            tried.Add(new TriedRule(rule, key, candidates.Count > 0, candidates));
            if (candidates.Count > 0)
            {
                break;
            }
        }

        return tried;
    }

    private Dictionary<string, List<AddressOwner>> Of(MatchRule rule) => rule == MatchRule.SameGmail ? _byGmailMailbox : _byAddress;

    private static string[] Keys(IReadOnlyCollection<EmailAddress> addresses, params MatchRule[] rules) =>
        [.. addresses.SelectMany(address => rules.Select(rule => rule.KeyOf(address))).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static async Task ReadAsync(NpgsqlDataReader row, Dictionary<string, List<AddressOwner>> into, CancellationToken cancellationToken)
    {
        while (await row.ReadAsync(cancellationToken))
        {
            var key = row.GetString(0);
            if (!into.TryGetValue(key, out var owners))
            {
                into[key] = owners = [];
            }

            owners.Add(new AddressOwner(
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetGuid(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : StableText.Parse<ContactOrigin>(row.GetString(5)),
                row.IsDBNull(6) ? null : row.GetString(6)));
        }
    }
}
