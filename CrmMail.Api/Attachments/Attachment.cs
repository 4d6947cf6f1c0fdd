using System.Text.Json.Serialization;

namespace CrmMail.Api.Attachments;

/// <summary>A file that is attached to a mail. It is where it was: in the mailbox, or where the mail says.</summary>
/// <param name="Id">By which it is asked for.</param>
/// <param name="FileName">Its name, as the sender gave it; null when it has none.</param>
/// <param name="ContentType">Its type, as the sender gave it; null when it has none.</param>
/// <param name="Size">Bytes as far as the mail tells, in a mailbox those of the encoded file, a third more.</param>
/// <param name="Refusal">Why it is not handed out; null when it is, by what is known so far.</param>
/// <param name="State">What came of it when it was last asked for; null when it never was.</param>
/// <param name="Sha256">The checksum in hex, of a file that was read.</param>
/// <param name="ExpiresAt">Until when the checksum is believed.</param>
internal sealed record Attachment(
    string Id,
    string? FileName,
    string? ContentType,
    long? Size,
    AttachmentRefusal? Refusal,
    AttachmentState? State,
    string? Sha256,
    DateTimeOffset? ExpiresAt);

/// <summary>The files of a mail.</summary>
/// <param name="Items">Those that are known, in the order of the mail; at most 50.</param>
/// <param name="Count">How many there are in all.</param>
internal sealed record AttachmentList(IReadOnlyList<Attachment> Items, int Count)
{
    /// <summary>Whether some of them are only counted: those beyond 50, and all of a mail from before files were listed, until a `rebuild` replays it.</summary>
    [JsonInclude]
    public bool HasMore => Count > Items.Count;
}
