using System.Text.Json.Serialization;

namespace CrmMail.Api.Attachments;

/// <summary>Why a file is not handed out, whoever asks.</summary>
internal enum AttachmentRefusal
{
    /// <summary>Files of this kind are not handed out, or it has no name and no type.</summary>
    [JsonStringEnumMemberName("kind-not-allowed")] KindNotAllowed,

    /// <summary>Its type, or what is in it, is not what its name says.</summary>
    [JsonStringEnumMemberName("kind-mismatch")] KindMismatch,

    /// <summary>It is a program, whatever its name says.</summary>
    [JsonStringEnumMemberName("executable")] Executable,

    /// <summary>It is larger than files may be.</summary>
    [JsonStringEnumMemberName("too-large")] TooLarge,

    /// <summary>It is at a place from which nothing is read, or nobody has told where it is.</summary>
    [JsonStringEnumMemberName("place-not-allowed")] PlaceNotAllowed,
}

/// <summary>What is in the file turned out to be something that is not handed out.</summary>
internal sealed class AttachmentRefusedException(AttachmentRefusal refusal) : Exception
{
    public AttachmentRefusal Refusal => refusal;
}
