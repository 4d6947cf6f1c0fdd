namespace CrmMail.Api.Companies;

/// <summary>A company as a caller describes it. Where one is changed, what is left out stays as it is.</summary>
/// <param name="Name">The name, at most 500 characters.</param>
/// <param name="Domains">The domains of its mail addresses, at most 100 and none of free mail. They replace those that it has.</param>
/// <param name="Slug">The part before the `@` of its address at the inbound domain: 1 to 63 of a to z, 0 to 9 and inner hyphens, not beginning with `deal-`. Empty for none.</param>
internal sealed record CompanyRequest(string? Name = null, IReadOnlyList<string?>? Domains = null, string? Slug = null);
