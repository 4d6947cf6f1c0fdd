using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;

namespace EmailEngineSimulator.Outbox;

internal enum ReferenceAction
{
    Reply,
    ReplyAll,
    Forward,
}

/// <summary>The message that a submitted mail answers or forwards.</summary>
/// <param name="Message">Null if it is missing and that was allowed.</param>
/// <param name="Action">What the mail does with it.</param>
/// <param name="IsInline">Whether its text is quoted.</param>
/// <param name="ForwardAttachments">Whether its attachments go along.</param>
internal sealed record Reference(StoredMessage? Message, ReferenceAction Action, bool IsInline, bool ForwardAttachments)
{
    /// <exception cref="ApiError">404: the message is missing, or has another Message-ID than expected.</exception>
    public static Reference? Find(Account account, JsonObject? reference)
    {
        if (reference?["message"] is not { } id)
        {
            return null;
        }

        OpenMailbox.EnsureConnected(account);
        var message = OpenMailbox.Find(account, id.GetValue<string>(), out _)?.Message;
        if (message is null && !IsTrue("ignoreMissing"))
        {
            throw ApiError.NotFound("Referenced message was not found", "ReferenceNotFound");
        }

        if (message is not null && reference["messageId"] is { } expected && expected.GetValue<string>() != message.Mail.MessageId)
        {
            throw ApiError.NotFound("The referenced message was found, but its Message-ID does not match the expected value", "MessageNotFound");
        }

        var action = reference["action"]?.GetValue<string>() switch
        {
            "forward" => ReferenceAction.Forward,
            "reply-all" => ReferenceAction.ReplyAll,
            _ => ReferenceAction.Reply,
        };
        return new Reference(message, action, IsTrue("inline"), IsTrue("forwardAttachments"));

        bool IsTrue(string key) => reference[key]?.GetValueKind() == JsonValueKind.True;
    }

    public JsonObject Describe(string id)
    {
        var description = new JsonObject { ["message"] = id, ["success"] = Message is not null };
        if (Message is null)
        {
            description["error"] = "Referenced message was not found";
        }

        if (Message?.Provider.ThreadId is { } threadId)
        {
            description["threadId"] = threadId;
        }

        return description;
    }
}
