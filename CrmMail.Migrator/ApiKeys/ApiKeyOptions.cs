using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.Migrator.ApiKeys;

/// <summary>The section <c>ApiKeys</c>.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>A key for the Api that exists from the start, with all scopes. Null makes none.</summary>
    [MinLength(ApiKeyHash.MinKeyLength, ErrorMessage = "ApiKeys:Initial needs at least {1} characters. Make a random one, for instance with: openssl rand -hex 32")]
    public string? Initial { get; set; }
}
