using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>What of a timeline is asked for.</summary>
/// <param name="Direction">Only mails that went this way; null for both.</param>
/// <param name="Include">The tags whose mails are shown besides those without any.</param>
internal readonly record struct TimelineView(Direction? Direction, MailTags Include);
