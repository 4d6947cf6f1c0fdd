using CrmMail.Contracts;

namespace CrmMail.Processor.Routing;

/// <summary>A way to find the deal of a mail. The first rule that finds one wins (docs/deals.md).</summary>
internal interface IDealRule : IRoutingLookup
{
    /// <summary>What is stored as the reason.</summary>
    DealReason Reason { get; }

    /// <summary>The deal of the mail by this rule, once the answers were read; null when it finds none.</summary>
    Guid? DealOf(RoutedMail mail);
}
