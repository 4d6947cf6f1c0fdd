using System.Collections.Concurrent;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Accounts;

/// <summary>The accounts that are registered now.</summary>
internal sealed class AccountDirectory
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>All accounts in the order of their ids.</summary>
    public IReadOnlyList<Account> All => [.. _accounts.Values.OrderBy(account => account.Id, StringComparer.Ordinal)];

    public Account? Find(string id) => _accounts.GetValueOrDefault(id);

    /// <exception cref="ApiError">404: there is no such account.</exception>
    public Account Get(string id) => Find(id.Trim()) ?? throw ApiError.NotFound("Account record was not found for requested ID");

    /// <summary>The accounts with that address; two may be connected to one mailbox.</summary>
    public IEnumerable<Account> FindByAddress(string address) =>
        _accounts.Values.Where(account => string.Equals(account.Email, address, StringComparison.OrdinalIgnoreCase));

    public bool TryAdd(Account account) => _accounts.TryAdd(account.Id, account);

    public bool Remove(Account account) => _accounts.TryRemove(KeyValuePair.Create(account.Id, account));
}
