using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>A contact that took part in a mail.</summary>
internal readonly record struct ContactLink(Guid ContactId, ParticipantRole Role);
