using CrmMail.Contracts;

namespace CrmMail.Processor.Writing;

/// <summary>What became of an event in the database: an activity of its own, or the reason why not.</summary>
/// <param name="Skip">Null when the event made an activity.</param>
/// <param name="IsRepeated">Whether the database knew the event already: another delivery of it was written before.</param>
internal readonly record struct Outcome(SkipReason? Skip, bool IsRepeated);
