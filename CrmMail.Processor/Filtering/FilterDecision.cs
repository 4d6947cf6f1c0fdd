using CrmMail.Contracts;

namespace CrmMail.Processor.Filtering;

/// <summary>What the filters make of the mail of one event, by what that event alone tells.</summary>
/// <param name="Skip">Why it makes no activity; null when it may. It then tells nothing of the mail either, whether it comes first or later.</param>
/// <param name="Tags">The tags that it gives the mail.</param>
/// <param name="Rules">The rules that gave them: a bit for each, by its place in <see cref="FilterTable.Rules"/>.</param>
/// <param name="ForbidsContact">
/// The one word on whether a contact may be made of its sender or its recipients: never of a mail that a machine or a list wrote, or that
/// was not verified, whatever the settings do with such mail.
/// </param>
internal readonly record struct FilterDecision(SkipReason? Skip, MailTags Tags, ulong Rules, bool ForbidsContact);
