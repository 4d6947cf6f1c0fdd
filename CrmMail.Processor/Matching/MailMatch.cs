using CrmMail.Contracts;
using CrmMail.Processor.Contacts;

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

    /// <summary>Contacts that the policy makes, or has made, by the mail. Null when there are none.</summary>
    public List<PolicyContact>? PolicyContacts { get; set; }

    /// <summary>People whom the mail names and who are no contacts. Null when there are none.</summary>
    public List<Stranger>? Strangers { get; set; }

    /// <summary>No contacts are made of these addresses: they lead to nobody.</summary>
    public void Refuse(HashSet<EmailAddress> addresses)
    {
        for (var at = 0; at < Asked.Count; at++)
        {
            if (PolicyContacts?.Find(contact => contact.IsNew && contact.Asked == Asked[at].Address) is { } contact && addresses.Contains(contact.Asked))
            {
                Links.Remove(contact.NewLink!.Value);
                PolicyContacts.Remove(contact);
                Asked[at] = Asked[at] with { ContactId = null };
            }
        }
    }
}
