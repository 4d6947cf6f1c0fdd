using CrmMail.Contracts;
using CrmMail.Processor.Matching;

namespace CrmMail.Processor.Contacts;

/// <summary>A contact that the policy makes of an address, or has made of it before.</summary>
/// <param name="Id">Follows from the address: whoever makes the contact makes the same.</param>
/// <param name="Address">The address of the contact: the mailbox behind that of the mail, so that all its spellings make one contact.</param>
/// <param name="Asked">The address as the mail names it.</param>
/// <param name="Name">The name that the mail tells; may be empty.</param>
/// <param name="Origin">By which rule.</param>
/// <param name="NewLink">The link of the mail to the contact, where the address leads to nobody so far; else the mail has it already.</param>
internal sealed record PolicyContact(Guid Id, EmailAddress Address, EmailAddress Asked, string Name, ContactOrigin Origin, ContactLink? NewLink)
{
    /// <summary>Whether the contact is to be made.</summary>
    public bool IsNew => NewLink is not null;
}
