namespace CrmMail.Api.Messages;

/// <summary>What <c>outbound_messages</c> knows of a request.</summary>
/// <param name="RequestHash">See <see cref="Messages.RequestHash"/>.</param>
/// <param name="MessageId">The Message-ID that the mail has, however often the request is repeated.</param>
/// <param name="CreatedAt">When the request first came.</param>
/// <param name="Answer">The answer; null while EmailEngine has given none for good.</param>
internal sealed record OutboundRow(byte[] RequestHash, string MessageId, DateTimeOffset CreatedAt, OutboundAnswer? Answer);

/// <summary>The answer to a request, which every repetition of it gets: either of the two.</summary>
/// <param name="Accepted">The mail will be sent.</param>
/// <param name="Refused">EmailEngine refused it for good.</param>
internal sealed record OutboundAnswer(AcceptedMessage? Accepted, RefusedMessage? Refused);

/// <summary>Why EmailEngine refused a mail.</summary>
/// <param name="Detail">In words.</param>
/// <param name="Errors">By field.</param>
internal sealed record RefusedMessage(string? Detail, IReadOnlyDictionary<string, string[]>? Errors);
