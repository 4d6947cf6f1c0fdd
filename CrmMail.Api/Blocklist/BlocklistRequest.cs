namespace CrmMail.Api.Blocklist;

/// <summary>What is to be blocked.</summary>
/// <param name="Value">An address, as `news@shop.example`, or a domain, as `shop.example`, which stands for everything below it too.</param>
/// <param name="AccountId">The account for which it holds; all accounts if not given.</param>
/// <param name="Note">Why: at most 500 characters.</param>
internal sealed record BlocklistRequest(string? Value = null, string? AccountId = null, string? Note = null);
