using System.Text.Encodings.Web;
using System.Text.Json;
using CrmMail.Api.Timelines;
using CrmMail.Contracts;

namespace CrmMail.Api.Messages;

/// <summary>What is kept of a mail that is sent, for messageSent does not tell it.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Snippet">The first words.</param>
/// <param name="Participants">The JSON of the column <c>participants</c>.</param>
/// <param name="InReplyTo">The Message-ID that it answers.</param>
/// <param name="SendAt">When it is to be sent.</param>
internal sealed record OutboundContent(string Subject, string Snippet, string Participants, string? InReplyTo, DateTimeOffset? SendAt)
{
    // As the Processor writes the column.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static OutboundContent Of(Sender sender, MessageRequest request, AnsweredMail? answered, Redactor redactor)
    {
        var participants = new Participants
        {
            From = sender.Address.Length > 0 ? [new Mailbox(sender.Name, sender.Address)] : [],
            To = MailboxesOf(request.To, redactor),
            Cc = MailboxesOf(request.Cc, redactor),
            Bcc = MailboxesOf(request.Bcc, redactor),
        };
        var snippet = Contracts.Snippet.Of(redactor.Redact(Contracts.Snippet.Opening(request.Text, request.Html)));
        return new OutboundContent(redactor.Redact(request.Subject ?? ""), snippet, JsonSerializer.Serialize(participants, Json), answered?.MessageId, request.SendAt);
    }

    private static List<Mailbox> MailboxesOf(IReadOnlyList<Recipient>? recipients, Redactor redactor) =>
        [.. (recipients ?? []).Select(recipient => new Mailbox(redactor.Redact(recipient.Name ?? ""), recipient.Address!.Trim()))];
}

/// <summary>The account that a mail is sent from.</summary>
/// <param name="Name">The name that its mails bear.</param>
/// <param name="Address">Its address; may be empty.</param>
internal sealed record Sender(string Name, string Address)
{
    /// <summary>A new Message-ID, without angle brackets, in the domain of the sender.</summary>
    public string NewMessageId()
    {
        var domain = Address[(Address.LastIndexOf('@') + 1)..];
        return $"{Guid.CreateVersion7()}@{(domain.Length > 0 ? domain : "localhost")}";
    }
}
