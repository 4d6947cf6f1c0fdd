namespace CrmMail.Api.Contacts;

/// <summary>A contact as a caller describes it. It has a name or an address, or both.</summary>
/// <param name="Name">The name that people know it by, at most 500 characters.</param>
/// <param name="Addresses">Its mail addresses, at most 100, the preferred one first.</param>
/// <param name="CompanyId">The company it belongs to, whatever its addresses; without it the one whose domain its addresses have.</param>
internal sealed record ContactRequest(string? Name = null, IReadOnlyList<string?>? Addresses = null, Guid? CompanyId = null);
