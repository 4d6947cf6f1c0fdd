using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmMail.Api.EmailEngine;

/// <summary>A link to the hosted form in which somebody connects a mailbox.</summary>
/// <param name="Account">The id that the account gets.</param>
/// <param name="Name">Whose mailbox it is.</param>
/// <param name="Email">Its address.</param>
/// <param name="RedirectUrl">Where the browser goes afterwards.</param>
/// <param name="Subconnections">Folders that get a connection of their own, so that what happens in them is known at once.</param>
internal sealed record FormRequest(string Account, string? Name, string Email, string RedirectUrl, IReadOnlyList<string> Subconnections);

internal sealed record FormAnswer(string Url);

/// <summary>An account as EmailEngine knows it.</summary>
internal sealed record EngineAccount(string? Name, string? Email);

/// <summary>A change of an account.</summary>
internal sealed record AccountUpdate(ImapUpdate Imap);

/// <summary>A change of the IMAP settings.</summary>
/// <param name="Partial">Keep what is not named: without it every stored setting, the password too, is replaced.</param>
/// <param name="SentMailPath">The folder in which sent mail is.</param>
internal sealed record ImapUpdate(bool Partial, string SentMailPath);

internal sealed record AccountAnswer(string? Account);

internal sealed record Reconnect([property: JsonPropertyName("reconnect")] bool IsWanted);

internal sealed record EngineFolders(IReadOnlyList<EngineFolder> Mailboxes);

/// <summary>A folder.</summary>
internal sealed record EngineFolder(string Path, string? Name, string? SpecialUse)
{
    /// <summary>Whether it is only a name, under which no mails can be listed.</summary>
    public bool NoSelect { get; init; }
}

/// <summary>A part of a folder, newest mails first.</summary>
/// <param name="Total">Mails in the folder; exact for IMAP, unknown for some servers.</param>
/// <param name="NextPageCursor">Null at the end.</param>
/// <param name="PrevPageCursor">Null at the beginning.</param>
/// <param name="Messages">The mails.</param>
internal sealed record EngineMessagePage(long? Total, string? NextPageCursor, string? PrevPageCursor, IReadOnlyList<EngineMessage> Messages);

/// <summary>A mail of a listing, as far as it tells the mail from others.</summary>
/// <param name="Id">EmailEngine's id of the mail in this folder.</param>
/// <param name="EmailId">The server's own id of the mail, where it gives one.</param>
/// <param name="MessageId">The Message-ID.</param>
/// <param name="Date">When the mail server received it.</param>
/// <param name="Draft">Whether it is still being written.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Labels">Its labels, where one folder holds everything.</param>
internal sealed record EngineMessage(
    string Id, string? EmailId, string? MessageId, DateTimeOffset? Date, bool Draft, IReadOnlyList<string>? Flags, IReadOnlyList<string>? Labels);

/// <summary>A mail, as far as it tells of attached files.</summary>
internal sealed record EngineFiles(IReadOnlyList<EngineFile>? Attachments);

/// <summary>An attached file of a mail in a mailbox.</summary>
/// <param name="Id">EmailEngine's id of the file, which is another one in every folder.</param>
/// <param name="Filename">Its name.</param>
internal sealed record EngineFile(string Id, string? Filename);

/// <summary>A mail to be sent.</summary>
internal sealed record SubmitMessage
{
    /// <summary>The mail that it answers, if EmailEngine can find it.</summary>
    public EngineReference? Reference { get; init; }

    public IReadOnlyList<EngineAddress> To { get; init; } = [];

    public IReadOnlyList<EngineAddress>? Cc { get; init; }

    public IReadOnlyList<EngineAddress>? Bcc { get; init; }

    public string? Subject { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    public IReadOnlyList<EngineAttachment>? Attachments { get; init; }

    /// <summary>The Message-ID, in angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>Further headers by name.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>When to send it; at once when it is past or not given.</summary>
    public DateTimeOffset? SendAt { get; init; }
}

internal sealed record EngineAddress(string? Name, string Address);

/// <summary>An attached file; the content in base64.</summary>
internal sealed record EngineAttachment(string? Filename, string? ContentType, string Content, string? Cid);

/// <summary>The mail that is answered.</summary>
/// <param name="Message">EmailEngine's id of the mail in its present folder.</param>
/// <param name="Action">What is done with it.</param>
/// <param name="MessageId">Its Message-ID in angle brackets: EmailEngine makes sure that it is still the same mail.</param>
internal sealed record EngineReference(string Message, string Action, string? MessageId);

/// <summary>A mail that was taken.</summary>
internal sealed record SubmitAnswer(string? MessageId, string QueueId, DateTimeOffset? SendAt);

internal sealed record EngineOutbox(int Pages, IReadOnlyList<EngineQueued> Messages);

/// <summary>A mail in the outbox.</summary>
internal sealed record EngineQueued(string QueueId, string Account, string? MessageId, EngineEnvelope? Envelope, string? Subject, DateTimeOffset? Created, DateTimeOffset? Scheduled)
{
    /// <summary>When it is tried next; null when EmailEngine has given it up, of which it says <c>false</c>.</summary>
    [JsonConverter(typeof(DateOrFalse))]
    public DateTimeOffset? NextAttempt { get; init; }

    public int AttemptsMade { get; init; }

    public EngineProgress? Progress { get; init; }
}

internal sealed record EngineEnvelope(IReadOnlyList<string>? To);

internal sealed record EngineProgress(EngineProgressError? Error);

internal sealed record EngineProgressError(string? Message);

internal sealed record DeletedAnswer(bool Deleted);

internal sealed record HealthAnswer(bool Success);

/// <summary>A time, or <c>false</c> for none.</summary>
internal sealed class DateOrFalse : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.False or JsonTokenType.Null ? null : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmailEngineError))]
[JsonSerializable(typeof(FormRequest))]
[JsonSerializable(typeof(FormAnswer))]
[JsonSerializable(typeof(EngineAccount))]
[JsonSerializable(typeof(AccountUpdate))]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(Reconnect))]
[JsonSerializable(typeof(EngineFolders))]
[JsonSerializable(typeof(EngineMessagePage))]
[JsonSerializable(typeof(EngineFiles))]
[JsonSerializable(typeof(JsonDocument))]
[JsonSerializable(typeof(SubmitMessage))]
[JsonSerializable(typeof(SubmitAnswer))]
[JsonSerializable(typeof(EngineOutbox))]
[JsonSerializable(typeof(EngineQueued))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class EmailEngineJson : JsonSerializerContext;
