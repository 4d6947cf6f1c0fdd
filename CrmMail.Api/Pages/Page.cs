namespace CrmMail.Api.Pages;

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries of this page, in order.</param>
/// <param name="Next">What to pass as <c>cursor</c> to get the page after this one; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal static class Page
{
    /// <summary>A page of rows of which one more was read than the page holds: it tells whether there is a next page.</summary>
    public static Page<T> Of<T>(List<T> rows, int size, Func<T, string> cursorOf) =>
        rows.Count > size ? new Page<T>(rows[..size], cursorOf(rows[size - 1])) : new Page<T>(rows, null);
}
