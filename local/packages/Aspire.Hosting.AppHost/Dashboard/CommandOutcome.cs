namespace Aspire.Hosting.Local.Dashboard;

/// <summary>How a command ended.</summary>
/// <param name="Success">Whether it did what it says.</param>
/// <param name="Message">What to tell the person who ran it; the reason when it failed.</param>
internal sealed record CommandOutcome(bool Success, string? Message);
