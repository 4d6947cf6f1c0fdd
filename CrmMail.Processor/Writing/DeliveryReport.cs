using CrmMail.Contracts;

namespace CrmMail.Processor.Writing;

/// <summary>How far a sent mail came, by one report.</summary>
internal sealed record DeliveryReport(SentStatus Status, string? Detail, DateTime At)
{
    /// <summary>Whether this report stands over the other, whatever the order in which they came: the later status wins, then the later report.</summary>
    public bool Supersedes(DeliveryReport? other) => other is null || (Status, At).CompareTo((other.Status, other.At)) > 0;
}
