using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Bodies;

/// <summary>A mail whose body, or whose readers, may change.</summary>
/// <param name="Mail">The mail.</param>
/// <param name="Content">A body that an event tells, as it may be stored; null where none does, and only the readers may change.</param>
internal readonly record struct OfferedBody(Mail Mail, byte[]? Content);
