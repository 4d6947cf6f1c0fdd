using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Messages;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>Search criteria; a message must meet all of them, as in IMAP.</summary>
internal static class MessageSearch
{
    /// <exception cref="ApiError">422: the criterion is one of Gmail only.</exception>
    public static Func<StoredMessage, bool> Parse(JsonObject search)
    {
        List<Func<StoredMessage, bool>> criteria = [.. search.Where(pair => pair.Value is not null).Select(pair => Criterion(pair.Key, pair.Value!))];
        return message => criteria.TrueForAll(meets => meets(message));
    }

    private static Func<StoredMessage, bool> Criterion(string name, JsonNode value) => name switch
    {
        "answered" => Flag(value, message => message.IsAnswered),
        "draft" => Flag(value, message => message.IsDraft),
        "flagged" => Flag(value, message => message.IsFlagged),
        "seen" => Flag(value, message => message.IsSeen),
        "unseen" => Flag(value, message => !message.IsSeen),
        "deleted" => Flag(value, message => message.Flags.Contains("\\Deleted")),
        "from" => message => Named([message.Mail.From], Text(value)),
        "to" => message => Named(message.Mail.To, Text(value)),
        "cc" => message => Named(message.Mail.Cc, Text(value)),
        "bcc" => message => Named(message.Mail.Bcc, Text(value)),
        "subject" => message => Contains(message.Mail.Subject, Text(value)),
        "body" => message => Contains(message.Mail.Text, Text(value)) || Contains(message.Mail.Html, Text(value)),
        "larger" => message => message.Size > Number(value),
        "smaller" => message => message.Size < Number(value),
        "uid" => message => NumberSet.Parse(Text(value)).Contains(message.Handle.Uid),
        "before" or "sentBefore" => message => message.Mail.Date < Date(value),
        "since" or "sentSince" => message => message.Mail.Date >= Date(value),
        "emailId" => message => message.Provider.EmailId == Text(value),
        "threadId" => message => message.Provider.ThreadId == Text(value),
        "emailIds" => message => value.AsArray().Any(id => Text(id!) == message.Provider.EmailId),
        "header" => message => value.AsObject().All(header => HasHeader(message.Mail, header.Key, header.Value?.ToString() ?? "")),
        "modseq" => _ => true,
        _ => throw new ApiError(HttpStatusCode.UnprocessableEntity, "Server does not support the required extension", "MissingServerExtension"),
    };

    private static Func<StoredMessage, bool> Flag(JsonNode value, Func<StoredMessage, bool> isSet)
    {
        var wanted = value.GetValueKind() == JsonValueKind.True;
        return message => isSet(message) == wanted;
    }

    private static bool Named(IReadOnlyList<Participant> participants, string text) =>
        participants.Any(participant => Contains($"{participant.Name} <{participant.Address}>", text));

    private static bool HasHeader(Mail mail, string name, string value) =>
        mail.Headers().Any(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase) && Contains(header.Value, value));

    private static bool Contains(string? where, string what) => where is not null && where.Contains(what, StringComparison.OrdinalIgnoreCase);

    private static string Text(JsonNode value) => value.ToString();

    private static long Number(JsonNode value) => long.Parse(value.ToString(), CultureInfo.InvariantCulture);

    private static DateTimeOffset Date(JsonNode value) => DateTimeOffset.Parse(value.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
