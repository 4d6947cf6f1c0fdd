using System.Text.Json.Serialization;

namespace CrmMail.Api.Attachments;

/// <summary>What came of a file that was asked for.</summary>
internal enum AttachmentState
{
    /// <summary>It was read, and is what it says it is.</summary>
    [JsonStringEnumMemberName("linked")] Linked,

    /// <summary>It was read, and is not handed out.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>It could not be had, and will be tried again.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    /// <summary>It could not be had, and nobody tries any more until it is asked for.</summary>
    [JsonStringEnumMemberName("dead")] Dead,
}
