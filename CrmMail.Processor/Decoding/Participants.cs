using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Processor.Decoding;

/// <summary>Everybody whom a mail names, as <c>activities.participants</c> keeps them: all of them, however many.</summary>
internal sealed class Participants
{
    // Stored as jsonb and never pasted into HTML: nothing but what JSON itself demands is escaped.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public List<Mailbox> From { get; } = [];

    public List<Mailbox> To { get; } = [];

    public List<Mailbox> Cc { get; } = [];

    public List<Mailbox> Bcc { get; } = [];

    public List<Mailbox> ReplyTo { get; } = [];

    /// <summary>The JSON of the column; headers without anybody are left out.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            Write(json, "from"u8, From);
            Write(json, "to"u8, To);
            Write(json, "cc"u8, Cc);
            Write(json, "bcc"u8, Bcc);
            Write(json, "replyTo"u8, ReplyTo);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Removes from the names what must not be stored. Addresses stay: a mail is matched by them.</summary>
    public void Redact(Redactor redactor)
    {
        Redact(From, redactor);
        Redact(To, redactor);
        Redact(Cc, redactor);
        Redact(Bcc, redactor);
        Redact(ReplyTo, redactor);
    }

    /// <summary>Adds the addresses of everybody.</summary>
    public void AddAddressesTo(HashSet<EmailAddress> addresses)
    {
        AddAddresses(From, addresses);
        AddAddresses(To, addresses);
        AddAddresses(Cc, addresses);
        AddAddresses(Bcc, addresses);
        AddAddresses(ReplyTo, addresses);
    }

    /// <summary>Takes out everybody with one of these addresses.</summary>
    public void Remove(HashSet<EmailAddress> addresses)
    {
        Remove(From, addresses);
        Remove(To, addresses);
        Remove(Cc, addresses);
        Remove(Bcc, addresses);
        Remove(ReplyTo, addresses);
    }

    /// <summary>Adds to To the recipients of an SMTP envelope that no header names; whether it added any.</summary>
    public bool AddMissingRecipients(IEnumerable<Mailbox> envelope)
    {
        var named = new HashSet<EmailAddress>();
        AddAddresses(To, named);
        AddAddresses(Cc, named);
        AddAddresses(Bcc, named);
        var before = To.Count;
        foreach (var recipient in envelope)
        {
            if (EmailAddress.TryParse(recipient.Address, out var address) && named.Add(address))
            {
                To.Add(recipient);
            }
        }

        return To.Count > before;
    }

    /// <summary>Reads what <see cref="ToJson"/> or the Api wrote.</summary>
    public static Participants FromJson(string json)
    {
        var participants = new Participants();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var list = participants.Named(ref reader);
            reader.Read();
            if (list is null)
            {
                reader.Skip();
            }
            else
            {
                MailboxReader.Read(ref reader, list);
            }
        }

        return participants;
    }

    private static void Redact(List<Mailbox> mailboxes, Redactor redactor)
    {
        for (var n = 0; n < mailboxes.Count; n++)
        {
            var name = redactor.Redact(mailboxes[n].Name);
            if (!ReferenceEquals(name, mailboxes[n].Name))
            {
                mailboxes[n] = mailboxes[n] with { Name = name };
            }
        }
    }

    private static void Remove(List<Mailbox> mailboxes, HashSet<EmailAddress> addresses) =>
        mailboxes.RemoveAll(mailbox => EmailAddress.TryParse(mailbox.Address, out var address) && addresses.Contains(address));

    private static void AddAddresses(List<Mailbox> mailboxes, HashSet<EmailAddress> into)
    {
        foreach (var mailbox in mailboxes)
        {
            if (EmailAddress.TryParse(mailbox.Address, out var address))
            {
                into.Add(address);
            }
        }
    }

    private List<Mailbox>? Named(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("from"u8) ? From
        : reader.ValueTextEquals("to"u8) ? To
        : reader.ValueTextEquals("cc"u8) ? Cc
        : reader.ValueTextEquals("bcc"u8) ? Bcc
        : reader.ValueTextEquals("replyTo"u8) ? ReplyTo
        : null;

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> header, List<Mailbox> mailboxes)
    {
        if (mailboxes.Count == 0)
        {
            return;
        }

        json.WriteStartArray(header);
        foreach (var mailbox in mailboxes)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, mailbox.Name);
            json.WriteString("address"u8, mailbox.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
