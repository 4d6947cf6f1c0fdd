using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Reconciliation;

/// <summary>The event that EmailEngine would have told of a mail.</summary>
internal static class MissingMailEvent
{
    public const string Name = "messageNew";

    /// <summary>Where texts are cut, in bytes: as in webhooks (<c>notifyTextSize</c>).</summary>
    public const int MaxTextBytes = 65_536;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Compact = new() { Indented = false };

    /// <summary>The same for each time that the mail is missing from the same folder: what was fed twice is recognised.</summary>
    /// <param name="mail">The best key of the mail.</param>
    /// <param name="path">The folder.</param>
    public static EventId IdOf(MessageKey mail, string path)
    {
        var hash = SHA256.HashData([.. mail.Bytes.Span, .. Encoding.UTF8.GetBytes(path)]);
        return EventId.Of($"{MailSource.Reconcile.ToText()}:{Convert.ToHexStringLower(hash)}", []);
    }

    /// <summary>The body of the webhook.</summary>
    /// <param name="account">The account.</param>
    /// <param name="path">The folder.</param>
    /// <param name="specialUse">What it is for; null for a folder of the user.</param>
    /// <param name="mail">What EmailEngine tells of the mail. Nothing in it is decoded: it is as it would have been in the webhook.</param>
    /// <param name="at">When it was noticed: now.</param>
    public static byte[] BodyOf(AccountId account, string path, string? specialUse, JsonElement mail, DateTimeOffset at)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, Compact);
        json.WriteStartObject();
        json.WriteString("account"u8, account.Value);
        json.WriteString("date"u8, at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("path"u8, path);
        if (specialUse is not null)
        {
            json.WriteString("specialUse"u8, specialUse);
        }

        json.WriteString("event"u8, Name);
        json.WriteStartObject("data"u8);
        WriteData(json, path, specialUse, mail);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }

    private static void WriteData(Utf8JsonWriter json, string path, string? specialUse, JsonElement mail)
    {
        var (hasPath, hasSpecialUse) = (false, false);
        foreach (var member in mail.EnumerateObject())
        {
            // Delivery reports have events of their own.
            if (member.NameEquals("bounces"u8))
            {
                continue;
            }

            hasPath |= member.NameEquals("path"u8);
            hasSpecialUse |= member.NameEquals("specialUse"u8);
            json.WritePropertyName(member.Name);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
        }

        // A reading does not always tell where.
        if (!hasPath)
        {
            json.WriteString("path"u8, path);
        }

        if (!hasSpecialUse && specialUse is not null)
        {
            json.WriteString("specialUse"u8, specialUse);
        }
    }
}
