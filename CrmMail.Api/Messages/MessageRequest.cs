using System.ComponentModel.DataAnnotations;

namespace CrmMail.Api.Messages;

/// <summary>A mail to be sent.</summary>
internal sealed record MessageRequest
{
    /// <summary>To whom. An answer without any recipient goes to whoever wrote the mail.</summary>
    public IReadOnlyList<Recipient>? To { get; init; }

    /// <summary>Who gets a copy.</summary>
    public IReadOnlyList<Recipient>? Cc { get; init; }

    /// <summary>Who gets a copy that the others do not know of.</summary>
    public IReadOnlyList<Recipient>? Bcc { get; init; }

    /// <summary>The subject. An answer without one has that of the mail, after `Re:`.</summary>
    public string? Subject { get; init; }

    /// <summary>The plain text. Made of the HTML when only that is given.</summary>
    public string? Text { get; init; }

    /// <summary>The text in HTML.</summary>
    public string? Html { get; init; }

    /// <summary>Files that go with it.</summary>
    public IReadOnlyList<MessageAttachment>? Attachments { get; init; }

    /// <summary>The activity that the mail answers, one of this account: the answer is shown below it.</summary>
    public long? ReplyToActivity { get; init; }

    /// <summary>When to send it; at once when it is not given, or past.</summary>
    public DateTimeOffset? SendAt { get; init; }
}

/// <summary>Somebody who gets a mail.</summary>
/// <param name="Address">The address.</param>
/// <param name="Name">The name that the mail shows.</param>
internal sealed record Recipient([property: Required] string? Address, string? Name = null);

/// <summary>A file that goes with a mail.</summary>
/// <param name="Filename">Its name.</param>
/// <param name="ContentType">Its media type; guessed by the name when not given.</param>
/// <param name="Content">The file in base64, of at most 5,242,880 characters.</param>
/// <param name="Cid">The id by which the HTML shows it as an image: `cid:ID`.</param>
internal sealed record MessageAttachment(
    [property: Required] string? Filename, string? ContentType, [property: Required] string? Content, string? Cid = null);

/// <summary>A mail that will be sent.</summary>
/// <param name="MessageId">Its Message-ID, without angle brackets.</param>
/// <param name="QueueId">Its id in the outbox.</param>
/// <param name="SendAt">When it is sent.</param>
internal sealed record AcceptedMessage(string MessageId, string QueueId, DateTimeOffset SendAt);
