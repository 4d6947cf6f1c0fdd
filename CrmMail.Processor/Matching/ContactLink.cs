using CrmMail.Contracts;

namespace CrmMail.Processor.Matching;

/// <summary>A contact that took part in a mail.</summary>
/// <param name="ContactId">The contact.</param>
/// <param name="Role">As what it took part.</param>
/// <param name="MatchedBy">The closest rule by which it was found; null of a stored link from before rules were stored.</param>
internal readonly record struct ContactLink(Guid ContactId, ParticipantRole Role, MatchRule? MatchedBy)
{
    /// <summary>A contact has one link for each role.</summary>
    public (Guid ContactId, ParticipantRole Role) Place => (ContactId, Role);

    /// <summary>Whether it was found by a closer rule than the other.</summary>
    public bool IsCloserThan(ContactLink other) => MatchedBy is { } rule && (other.MatchedBy is null || rule < other.MatchedBy);
}
