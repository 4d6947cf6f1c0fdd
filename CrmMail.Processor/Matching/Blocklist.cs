using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>What is blocked of the addresses of a batch: exactly, without a tag, or by a domain that they are at or below.</summary>
internal sealed class Blocklist
{
    private readonly HashSet<string> _forAll = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _forAllLookup;
    private readonly Dictionary<string, HashSet<string>> _forAccounts = new(StringComparer.Ordinal);

    public Blocklist() => _forAllLookup = _forAll.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds an entry.</summary>
    /// <param name="value">An address or a domain.</param>
    /// <param name="accountId">The account for which it holds; null for all.</param>
    public void Add(string value, string? accountId)
    {
        if (accountId is null)
        {
            _forAll.Add(value);
            return;
        }

        if (!_forAccounts.TryGetValue(accountId, out var values))
        {
            _forAccounts.Add(accountId, values = new HashSet<string>(StringComparer.Ordinal));
        }

        values.Add(value);
    }

    public void Clear()
    {
        _forAll.Clear();
        _forAccounts.Clear();
    }

    /// <summary>Whether the mails of the address are blocked in the account.</summary>
    public bool Has(EmailAddress address, AccountId account) =>
        (_forAll.Count > 0 && Has(address, _forAllLookup))
        || (_forAccounts.TryGetValue(account.Value, out var values) && Has(address, values.GetAlternateLookup<ReadOnlySpan<char>>()));

    /// <summary>Adds the domains by which the address could be blocked: its own, and those above it but for the last label alone.</summary>
    public static void AddDomains(string address, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> into)
    {
        for (var domain = DomainOf(address); domain.Contains('.'); domain = Above(domain))
        {
            into.Add(domain);
        }
    }

    private static bool Has(EmailAddress address, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> values)
    {
        var isBlocked = values.Contains(address.Value) || values.Contains(address.WithoutTag().Value);
        for (var domain = DomainOf(address.Value); !isBlocked && domain.Contains('.'); domain = Above(domain))
        {
            isBlocked = values.Contains(domain);
        }

        return isBlocked;
    }

    private static ReadOnlySpan<char> DomainOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? default : address.AsSpan(at + 1);
    }

    private static ReadOnlySpan<char> Above(ReadOnlySpan<char> domain) => domain[(domain.IndexOf('.') + 1)..];
}
