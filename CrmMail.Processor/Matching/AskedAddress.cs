using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>An address that is none of our own, by which a mail was looked up.</summary>
/// <param name="Address">The address.</param>
/// <param name="Role">The header in which it stands; of an SMTP envelope To.</param>
/// <param name="ContactId">To whom it led, if to anybody.</param>
/// <param name="Name">The name with it, as the mail shows it; may be empty.</param>
internal readonly record struct AskedAddress(EmailAddress Address, ParticipantRole Role, Guid? ContactId, string Name);
