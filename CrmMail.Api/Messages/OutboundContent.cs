using System.Text.Encodings.Web;
using System.Text.Json;

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
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static OutboundContent Of(Sender sender, MessageRequest request, AnsweredMail? answered)
    {
        var participants = new Dictionary<string, List<Dictionary<string, string>>>();
        Add(participants, "from", sender.Address.Length > 0 ? [new Recipient(sender.Address, sender.Name)] : []);
        Add(participants, "to", request.To);
        Add(participants, "cc", request.Cc);
        Add(participants, "bcc", request.Bcc);
        return new OutboundContent(
            request.Subject ?? "",
            Contracts.Snippet.Of(request.Text, request.Html),
            JsonSerializer.Serialize(participants, Json),
            answered?.MessageId,
            request.SendAt);
    }

    private static void Add(Dictionary<string, List<Dictionary<string, string>>> participants, string header, IReadOnlyList<Recipient>? recipients)
    {
        if (recipients is { Count: > 0 })
        {
            participants[header] = [.. recipients.Select(recipient => new Dictionary<string, string> { ["name"] = recipient.Name ?? "", ["address"] = recipient.Address!.Trim() })];
        }
    }
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
