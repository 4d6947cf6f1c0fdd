using System.Text.Json;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// Reads mailboxes from whatever stands where they should: one object or an array, bare strings (<c>envelope.to</c>), and groups
/// (RFC 5322, 3.4: <c>Team: ann@x, bob@x;</c>), whose members count and whose name does not.
/// </summary>
internal static class MailboxReader
{
    /// <summary>The reader stands on the value, and on its last token afterwards.</summary>
    public static void Read(ref Utf8JsonReader reader, List<Mailbox> into)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadOne(ref reader, into);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadOne(ref reader, into);
        }
    }

    private static void ReadOne(ref Utf8JsonReader reader, List<Mailbox> into)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                Add(into, "", MailboxText.AddressIn(JsonText.Read(ref reader)));
                break;
            case JsonTokenType.StartObject:
                ReadObject(ref reader, into);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, List<Mailbox> into)
    {
        string? name = null, address = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            var isAddress = reader.ValueTextEquals("address"u8);
            var isGroup = reader.ValueTextEquals("group"u8);
            reader.Read();
            if (isName)
            {
                name = JsonText.Read(ref reader);
            }
            else if (isAddress)
            {
                address = JsonText.Read(ref reader);
            }
            else if (isGroup)
            {
                Read(ref reader, into);
                name = null;
            }
            else
            {
                reader.Skip();
            }
        }

        Add(into, name, address);
    }

    /// <summary>Adds a mailbox unless it says nothing.</summary>
    internal static void Add(List<Mailbox> into, string? name, string? address)
    {
        if (!string.IsNullOrWhiteSpace(name) || !string.IsNullOrWhiteSpace(address))
        {
            into.Add(new Mailbox(name ?? "", address ?? ""));
        }
    }
}
