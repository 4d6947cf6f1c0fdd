using CrmMail.Contracts;

namespace CrmMail.Processor.Routing;

/// <summary>Where a mail belongs.</summary>
/// <param name="DealId">The deal; null for none.</param>
/// <param name="Reason">The rule that found the deal; null when there is none.</param>
/// <param name="CompanyId">The company to whose address it went; null for none.</param>
internal readonly record struct Route(Guid? DealId, DealReason? Reason, Guid? CompanyId)
{
    public bool IsNowhere => DealId is null && CompanyId is null;
}
