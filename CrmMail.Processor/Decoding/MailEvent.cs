using CrmMail.Contracts;

namespace CrmMail.Processor.Decoding;

/// <summary>A webhook, understood.</summary>
/// <param name="Account">The mailbox that it is about.</param>
/// <param name="Name">EmailEngine's name of the event, such as <c>messageNew</c>.</param>
/// <param name="At">When EmailEngine noticed it, or when it was received where EmailEngine's time makes no sense. UTC, whole microseconds.</param>
/// <param name="Content">What it tells.</param>
internal sealed record MailEvent(AccountId Account, string Name, DateTime At, EventContent Content);
