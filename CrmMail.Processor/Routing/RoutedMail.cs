using CrmMail.Contracts;

namespace CrmMail.Processor.Routing;

/// <summary>A mail as the rules see it: what is stored of it, so that the order in which its events came does not show.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="MailKey">The mail, the same in every account that has it.</param>
/// <param name="WrittenAt">Its place on the timeline.</param>
/// <param name="SenderDomain">The domain of who wrote it, lower case and in A-labels; null of a sent mail, and where there is none.</param>
/// <param name="Addresses">What its recipients at the inbound domain say, in the order of their text.</param>
/// <param name="Stored">Where it belongs so far.</param>
internal sealed record RoutedMail(long ActivityId, MessageKey MailKey, DateTime WrittenAt, string? SenderDomain, IReadOnlyList<RoutingAddress> Addresses, Route Stored)
{
    /// <summary>Whether a believed address of a deal is among the recipients, which may be nobody's.</summary>
    public bool IsAddressedToDeal
    {
        get
        {
            foreach (var address in Addresses)
            {
                if (address.Kind == RoutingAddressKind.Deal)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
