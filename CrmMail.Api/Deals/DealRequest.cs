using CrmMail.Contracts;

namespace CrmMail.Api.Deals;

/// <summary>A deal that is made.</summary>
/// <param name="Name">The name, at most 500 characters.</param>
/// <param name="CompanyId">The company with which it is made.</param>
/// <param name="Contacts">The contacts that take part, at most 100.</param>
/// <param name="Stage">How far it is, in the words of the CRM: at most 100 characters.</param>
/// <param name="Owner">Whose it is, in the words of the CRM: at most 200 characters.</param>
/// <param name="OpenedAt">Since when it is open, if not since now: mails from then on come to it. Not in the future.</param>
internal sealed record DealRequest(
    string? Name = null, Guid? CompanyId = null, IReadOnlyList<Guid>? Contacts = null, string? Stage = null, string? Owner = null, DateTimeOffset? OpenedAt = null);

/// <summary>A change of a deal: what is left out stays as it is.</summary>
/// <param name="Name">The name, at most 500 characters.</param>
/// <param name="CompanyId">The company with which it is made.</param>
/// <param name="Contacts">The contacts that take part, at most 100. They replace those that it has.</param>
/// <param name="Stage">How far it is: at most 100 characters. Empty for none.</param>
/// <param name="Owner">Whose it is: at most 200 characters. Empty for nobody.</param>
/// <param name="State">`closed` closes it now, `open` opens it again now.</param>
internal sealed record DealChange(
    string? Name = null, Guid? CompanyId = null, IReadOnlyList<Guid>? Contacts = null, string? Stage = null, string? Owner = null, DealState? State = null);
