using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Processor.Decoding;

/// <summary>What an event tells of an attached file; whatever may be missing. The file itself stays where it is.</summary>
/// <param name="Name">Its name, as the sender gave it.</param>
/// <param name="ContentType">Its type, as the sender gave it.</param>
/// <param name="Size">Bytes; of EmailEngine those of the encoded file, a third more.</param>
/// <param name="Url">Where it is, if that is not the mailbox.</param>
internal readonly record struct AttachedFile(string? Name, string? ContentType, long? Size, string? Url);

/// <summary>The attached files of a mail: all are counted, and the first of them kept.</summary>
internal sealed class AttachedFiles
{
    /// <summary>More files than this are counted only.</summary>
    public const int MaxKept = 50;

    private const int MaxNameLength = 255;
    private const int MaxUrlLength = 2000;
    private const string NoFiles = "[]";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<AttachedFile> _kept = [];

    public static AttachedFiles None { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<AttachedFile> Kept => _kept;

    public void Add(AttachedFile file)
    {
        Count++;
        if (Count <= MaxKept)
        {
            _kept.Add(file with
            {
                Name = Cut(file.Name),
                ContentType = Cut(file.ContentType),
                Url = file.Url is { Length: <= MaxUrlLength } ? file.Url : null,
            });
        }
    }

    /// <summary>The same files, without what is never stored in their names.</summary>
    public AttachedFiles Redacted(Redactor redactor)
    {
        if (_kept.Count == 0)
        {
            return this;
        }

        var redacted = new AttachedFiles { Count = Count };
        foreach (var file in _kept)
        {
            redacted._kept.Add(file.Name is null ? file : file with { Name = redactor.Redact(file.Name) });
        }

        return redacted;
    }

    /// <summary>The form in which an activity keeps them: <c>[{"name", "type", "size", "url"}]</c>, in the order of the mail, without what is missing.</summary>
    public string ToJson()
    {
        if (_kept.Count == 0)
        {
            return NoFiles;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartArray();
            foreach (var file in _kept)
            {
                Write(json, file);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, AttachedFile file)
    {
        json.WriteStartObject();
        if (file.Name is { } name)
        {
            json.WriteString("name"u8, name);
        }

        if (file.ContentType is { } type)
        {
            json.WriteString("type"u8, type);
        }

        if (file.Size is { } size)
        {
            json.WriteNumber("size"u8, size);
        }

        if (file.Url is { } url)
        {
            json.WriteString("url"u8, url);
        }

        json.WriteEndObject();
    }

    private static string? Cut(string? text) => text is null ? null : SafeText.Cut(text, MaxNameLength);
}
