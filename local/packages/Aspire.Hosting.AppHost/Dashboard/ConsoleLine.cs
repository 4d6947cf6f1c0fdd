namespace Aspire.Hosting.Local.Dashboard;

/// <summary>A line that a resource wrote.</summary>
/// <param name="Number">1 for the first line of the resource in this run of the runner; restarts of the resource go on counting.</param>
/// <param name="Timestamp">When the runner read it.</param>
/// <param name="IsError">Whether it came from standard error.</param>
/// <param name="Text">The line without its end, escape sequences included.</param>
internal sealed record ConsoleLine(long Number, DateTimeOffset Timestamp, bool IsError, string Text);
