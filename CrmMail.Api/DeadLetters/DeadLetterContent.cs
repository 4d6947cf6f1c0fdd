using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;

namespace CrmMail.Api.DeadLetters;

/// <summary>What is in a dead letter.</summary>
/// <param name="Headers">The headers of its record by name, as text; of repeated names the last one.</param>
/// <param name="KeyText">The key of its record, as text.</param>
/// <param name="BodySize">The size of the body in bytes.</param>
/// <param name="Body">The body; null when it is no text.</param>
/// <param name="BodyBase64">The bytes of a body that is no text (UTF-8).</param>
internal sealed record DeadLetterContent(
    IReadOnlyDictionary<string, string?> Headers, string? KeyText, long? BodySize, string? Body, string? BodyBase64)
{
    /// <summary>The content of a letter that Kafka has no longer.</summary>
    public static readonly DeadLetterContent None = new(new Dictionary<string, string?>(), null, null, null, null);

    /// <summary>The content of a record, whose body may lie elsewhere.</summary>
    public static DeadLetterContent Of(Message<byte[], byte[]> message, byte[]? body)
    {
        var isText = body is not null && Utf8.IsValid(body);
        return new(
            HeadersOf(message),
            Text(message.Key),
            body?.Length,
            isText ? Encoding.UTF8.GetString(body!) : null,
            isText || body is null ? null : Convert.ToBase64String(body));
    }

    private static Dictionary<string, string?> HeadersOf(Message<byte[], byte[]> message)
    {
        var headers = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var header in message.Headers ?? [])
        {
            headers[header.Key] = Text(header.GetValueBytes());
        }

        return headers;
    }

    private static string? Text(byte[]? utf8) => utf8 is null ? null : Encoding.UTF8.GetString(utf8);
}
