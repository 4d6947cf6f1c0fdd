using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>The contacts of one mail.</summary>
/// <param name="Direction">Which way it went.</param>
/// <param name="Links">The contacts, in the order in which the mail names them.</param>
/// <param name="WithoutLinks">Why there is nobody to link, where there is nobody.</param>
/// <param name="Outbound">Of a mail that the Api was asked to send: what messageSent does not tell.</param>
internal sealed record MailMatch(Direction Direction, List<ContactLink> Links, SkipReason WithoutLinks, OutboundMail? Outbound = null)
{
    /// <summary>Every address that is none of our own and by which it was looked up, whomever that led to.</summary>
    public List<AskedAddress> Asked { get; init; } = [];
}
