using CrmMail.Contracts;

namespace CrmMail.Api.Access;

/// <summary>An API key that is stored and not revoked. Nobody knows the key itself but its owner.</summary>
/// <param name="Id">The SHA-256 of the key in hex: tells keys apart, and lets nobody in.</param>
/// <param name="Name">The name that it was given, for people and logs.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedAt">When it was stored.</param>
internal sealed record ApiKey(string Id, string Name, IReadOnlyList<ApiScope> Scopes, DateTimeOffset CreatedAt);
