namespace CrmMail.Api.Access;

/// <summary>Who calls: an API key that is stored and not revoked.</summary>
/// <param name="Name">The name that it was given, for logs.</param>
/// <param name="Scopes">What it allows: stable texts of <see cref="Contracts.ApiScope"/>.</param>
internal sealed record ApiKey(string Name, string[] Scopes);
