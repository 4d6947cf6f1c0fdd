using CrmMail.Contracts;

namespace CrmMail.Processor.Filtering;

/// <summary>A rule of the table.</summary>
/// <param name="Name">What is stored with a mail that it finds.</param>
/// <param name="Tag">The tag that it gives.</param>
/// <param name="When">What a mail has to meet.</param>
/// <param name="Except">What a mail must not meet, not even one of these.</param>
/// <param name="ExceptTags">Tags that stand against it.</param>
internal sealed record FilterRule(string Name, MailTag Tag, MailSigns When, MailSigns Except, MailTags ExceptTags)
{
    /// <summary>Whether it finds a mail.</summary>
    /// <param name="signs">What the mail meets.</param>
    /// <param name="tags">What the rules before this one have found.</param>
    public bool Finds(MailSigns signs, MailTags tags) => signs.ContainsAll(When) && !signs.ContainsAny(Except) && !tags.Overlaps(ExceptTags);
}

/// <summary>The rules that find a mail.</summary>
/// <param name="Rules">A bit for each, by its place in the table.</param>
/// <param name="Tags">The tags that they give.</param>
internal readonly record struct MatchedRules(ulong Rules, MailTags Tags);
