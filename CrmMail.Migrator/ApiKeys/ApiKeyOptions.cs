namespace CrmMail.Migrator.ApiKeys;

/// <summary>The section <c>ApiKeys</c>.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>A key for the Api that exists from the start, with all scopes. Null makes none.</summary>
    public string? Initial { get; set; }
}
