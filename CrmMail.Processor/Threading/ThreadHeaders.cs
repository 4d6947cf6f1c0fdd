namespace CrmMail.Processor.Threading;

/// <summary>The headers by which a mail names the mails before it, as the sender wrote them.</summary>
/// <param name="References">The ids of the whole conversation, the first mail first, as far as the programs of its people keep them.</param>
/// <param name="InReplyTo">The id of the mail that is answered; anything, in mails of old programs.</param>
internal readonly record struct ThreadHeaders(string? References, string? InReplyTo);
