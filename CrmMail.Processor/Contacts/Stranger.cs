using CrmMail.Contracts;

namespace CrmMail.Processor.Contacts;

/// <summary>Somebody who is no contact, but may be one under another address.</summary>
/// <param name="Address">The address as the mail names it.</param>
/// <param name="NameKey">What is compared of the name with it: <see cref="PersonNameKey"/>.</param>
internal readonly record struct Stranger(EmailAddress Address, string NameKey);
