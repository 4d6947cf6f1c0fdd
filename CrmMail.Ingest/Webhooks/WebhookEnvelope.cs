using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Ingest.Webhooks;

/// <summary>The two fields of a webhook that Ingest needs; all others are for the Processor, in the raw body.</summary>
internal readonly record struct WebhookEnvelope(AccountId Account, string Event)
{
    /// <summary>The longest name of an event, in UTF-16 characters; those of EmailEngine have about twenty.</summary>
    public const int MaxEventLength = 128;

    // Every character may be written as \uXXXX.
    private const int MaxEncodedLength = AccountId.MaxLength * 6;

    // How deep an event may be nested is for its reader to say: it can turn to a dead letter there, and is lost for good when refused here.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads the fields at the top level of a JSON object; of a repeated field the last counts, as for the Processor. Texts elsewhere
    /// are not looked into: one with invalid UTF-8 is no reason to refuse the event.
    /// </summary>
    public static EnvelopeFault TryRead(ReadOnlySpan<byte> body, out WebhookEnvelope envelope)
    {
        envelope = default;
        if (!TryReadFields(body, out var accountText, out var eventName))
        {
            return EnvelopeFault.NotAnObject;
        }

        if (!AccountId.TryParse(accountText, out var account))
        {
            return EnvelopeFault.Account;
        }

        if (!IsEventName(eventName))
        {
            return EnvelopeFault.Event;
        }

        envelope = new WebhookEnvelope(account, eventName!);
        return EnvelopeFault.None;
    }

    private static bool TryReadFields(ReadOnlySpan<byte> body, out string? account, out string? eventName)
    {
        account = eventName = null;
        var json = new Utf8JsonReader(body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body, ReaderOptions);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (IsNamed(ref json, "account"u8))
                {
                    account = ReadText(ref json);
                }
                else if (IsNamed(ref json, "event"u8))
                {
                    eventName = ReadText(ref json);
                }
                else
                {
                    json.Skip();
                }
            }

            // Throws when anything but white space follows the object.
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsNamed(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        try
        {
            return json.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate in a name: not a name that is looked for.
            return false;
        }
    }

    /// <summary>The text of the field, or null when it is none or cannot be an id.</summary>
    private static string? ReadText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > MaxEncodedLength)
        {
            json.Skip();
            return null;
        }

        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8, or an escaped lone surrogate.
            return null;
        }
    }

    /// <summary>Whatever a later EmailEngine may call an event, as long as a header, a log and a database can hold it.</summary>
    private static bool IsEventName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxEventLength && SafeText.IsPlain(text);
}

/// <summary>Why a verified body is no event.</summary>
internal enum EnvelopeFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Not one JSON object.</summary>
    NotAnObject,

    /// <summary>No field <c>account</c> with an account id.</summary>
    Account,

    /// <summary>No field <c>event</c> with the name of an event.</summary>
    Event,
}
