using System.Security.Claims;

namespace CrmMail.Api.Operations;

/// <summary>Who asks for an operation.</summary>
internal static class Actor
{
    /// <summary>The services themselves, where nobody asked.</summary>
    public const string System = "system";

    /// <summary>The name of the API key that the caller has shown.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets in callers without a key.</exception>
    public static string ActorName(this ClaimsPrincipal caller) =>
        caller.Identity?.Name ?? throw new InvalidOperationException("Operations are for callers with a key.");
}
