using System.Diagnostics.CodeAnalysis;

namespace CrmMail.Api.Attachments;

/// <summary>A kind of file that is handed out: by its extensions, the types that mails give it, and how it begins.</summary>
/// <param name="ContentType">The type that it is handed out with.</param>
/// <param name="Extensions">The extensions, lower case.</param>
/// <param name="OtherTypes">Further types that mails give it.</param>
/// <param name="IsStart">Whether a file begins as one of this kind.</param>
internal sealed record FileKind(string ContentType, string[] Extensions, string[] OtherTypes, FileKind.Signature IsStart)
{
    private const string AnyType = "application/octet-stream";

    // Nothing that a browser runs as a page (html, svg), no macros, no disk images, no shortcuts: what is not here is not handed out.
    private static readonly FileKind[] All =
    [
        new("application/pdf", ["pdf"], ["application/x-pdf"], static start => start.IndexOf("%PDF-"u8) is >= 0 and < 1024),
        new("image/png", ["png"], [], static start => start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])),
        new("image/jpeg", ["jpg", "jpeg"], ["image/jpg", "image/pjpeg"], static start => start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])),
        new("image/gif", ["gif"], [], static start => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)),
        new("image/webp", ["webp"], [], static start => IsRiff(start, "WEBP"u8)),
        new("image/tiff", ["tif", "tiff"], [], static start => start.StartsWith((ReadOnlySpan<byte>)[0x49, 0x49, 0x2A, 0]) || start.StartsWith((ReadOnlySpan<byte>)[0x4D, 0x4D, 0, 0x2A])),
        new("image/heic", ["heic", "heif"], ["image/heif"], static start => start.Length > 8 && start[4..].StartsWith("ftyp"u8)),
        new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["docx"], [], IsZip),
        new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ["xlsx"], [], IsZip),
        new("application/vnd.openxmlformats-officedocument.presentationml.presentation", ["pptx"], [], IsZip),
        new("application/vnd.oasis.opendocument.text", ["odt"], [], IsZip),
        new("application/vnd.oasis.opendocument.spreadsheet", ["ods"], [], IsZip),
        new("application/vnd.oasis.opendocument.presentation", ["odp"], [], IsZip),
        new("application/zip", ["zip"], ["application/x-zip-compressed"], IsZip),
        new("application/msword", ["doc"], [], IsCompound),
        new("application/vnd.ms-excel", ["xls"], ["application/excel"], IsCompound),
        new("application/vnd.ms-powerpoint", ["ppt"], [], IsCompound),
        new("application/vnd.ms-outlook", ["msg"], [], IsCompound),
        new("application/rtf", ["rtf"], ["text/rtf"], static start => start.StartsWith("{\\rtf"u8)),
        new("text/plain", ["txt", "log", "md"], ["text/markdown"], IsText),
        new("text/csv", ["csv"], ["text/plain", "application/csv", "application/vnd.ms-excel"], IsText),
        new("text/calendar", ["ics"], ["application/ics", "text/plain"], IsText),
        new("text/vcard", ["vcf"], ["text/x-vcard", "text/plain"], IsText),
        new("message/rfc822", ["eml"], ["text/plain"], IsText),
        new("audio/mpeg", ["mp3"], ["audio/mp3"], static start => start.StartsWith("ID3"u8) || (start.Length > 1 && start[0] == 0xFF && (start[1] & 0xE0) == 0xE0)),
        new("audio/wav", ["wav"], ["audio/x-wav", "audio/wave"], static start => IsRiff(start, "WAVE"u8)),
    ];

    private static readonly Dictionary<string, FileKind> ByExtension =
        All.SelectMany(kind => kind.Extensions, (kind, extension) => (kind, extension)).ToDictionary(pair => pair.extension, pair => pair.kind, StringComparer.Ordinal);

    /// <summary>Whether the first bytes of a file are those of a kind.</summary>
    public delegate bool Signature(ReadOnlySpan<byte> start);

    /// <summary>The kind of a file by what a mail says of it; false, and why it is not handed out.</summary>
    public static bool TryFind(string? name, string? contentType, [NotNullWhen(true)] out FileKind? kind, out AttachmentRefusal refusal)
    {
        var type = TypeOf(contentType);
        refusal = AttachmentRefusal.KindNotAllowed;
        if (string.IsNullOrWhiteSpace(name))
        {
            kind = Array.Find(All, candidate => candidate.ContentType == type);
            return kind is not null;
        }

        if (!ByExtension.TryGetValue(ExtensionOf(name), out kind))
        {
            return false;
        }

        refusal = AttachmentRefusal.KindMismatch;
        return type is AnyType or "" || type == kind.ContentType || Array.IndexOf(kind.OtherTypes, type) >= 0;
    }

    /// <summary>Why what is in the file is not handed out; null when it is.</summary>
    /// <param name="start">Its first 4,096 bytes, or all that there are.</param>
    public AttachmentRefusal? Check(ReadOnlySpan<byte> start) =>
        IsExecutable(start) ? AttachmentRefusal.Executable : start.IsEmpty || IsStart(start) ? null : AttachmentRefusal.KindMismatch;

    // Windows, Linux, macOS in both orders and for two processors at once (as Java), and scripts that name their interpreter.
    private static bool IsExecutable(ReadOnlySpan<byte> start) =>
        start.StartsWith("MZ"u8)
        || start.StartsWith((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F'])
        || start.StartsWith((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBE])
        || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFA, 0xCE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFA, 0xCF])
        || start.StartsWith((ReadOnlySpan<byte>)[0xCE, 0xFA, 0xED, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE])
        || start.StartsWith("#!"u8);

    private static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8);

    private static bool IsCompound(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    private static bool IsRiff(ReadOnlySpan<byte> start, ReadOnlySpan<byte> form) => start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith(form);

    /// <summary>Text has no NUL, but for that of UTF-16, which begins with its mark.</summary>
    private static bool IsText(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || start.IndexOf((byte)0) < 0;

    /// <summary>What follows the last dot. Windows ignores dots and blanks at the end of a name.</summary>
    private static string ExtensionOf(string name)
    {
        var trimmed = name.AsSpan().TrimEnd(". \t");
        var dot = trimmed.LastIndexOf('.');
        return dot < 0 ? "" : trimmed[(dot + 1)..].ToString().ToLowerInvariant();
    }

    private static string TypeOf(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
