namespace CrmMail.Api.Pages;

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries of this page, in order.</param>
/// <param name="Next">What to pass as <c>cursor</c> to get the page after this one; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
