using CrmMail.Contracts;
using CrmMail.Processor.Filtering;

namespace CrmMail.Processor.Contacts;

/// <summary>Which addresses may be those of a person whom we do not know, whatever the mail: none of our own, and none that no person reads.</summary>
internal sealed class PersonalAddresses(FilterPolicy filters, RoutingAddresses routing)
{
    private static readonly MailTags NotOfPeople = default(MailTags).With(MailTag.NoReply).With(MailTag.Bounce);

    /// <summary>Whether a contact may have the address.</summary>
    public bool Include(EmailAddress address) =>
        MailAddress.IsValid(address.Value)
        && !filters.IsOwn(address)
        && !(routing.Ending is { } ending && address.Value.EndsWith(ending, StringComparison.Ordinal))
        && !FilterTable.Embedded.TagsOfSender(address.Value.AsSpan(0, address.Value.LastIndexOf('@'))).Overlaps(NotOfPeople);
}
