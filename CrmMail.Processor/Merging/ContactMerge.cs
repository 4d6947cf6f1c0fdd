namespace CrmMail.Processor.Merging;

/// <summary>A merge of contacts, or the undoing of one, that the Api has begun: addresses and deals belong to whom they should, mails do not yet.</summary>
/// <param name="Id">The merge.</param>
/// <param name="Contact">Who was merged.</param>
/// <param name="Into">Into whom.</param>
/// <param name="IsUndone">Whether it is to be undone.</param>
/// <param name="Mailboxes">What the addresses that the contact had have in common with those that some rule takes for them.</param>
/// <param name="HasDeals">Whether deals may lead mails of the two elsewhere now.</param>
internal sealed record ContactMerge(Guid Id, Guid Contact, Guid Into, bool IsUndone, List<string> Mailboxes, bool HasDeals);
