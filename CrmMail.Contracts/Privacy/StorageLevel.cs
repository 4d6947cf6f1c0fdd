using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>How much of a mail is stored. Of several that are asked for the strictest holds, which is the least.</summary>
public enum StorageLevel
{
    /// <summary>Who wrote to whom, when, in which conversation, and what became of it.</summary>
    [JsonStringEnumMemberName("metadata")] Metadata,

    /// <summary>The subject too.</summary>
    [JsonStringEnumMemberName("subject")] Subject,

    /// <summary>The subject and the first words.</summary>
    [JsonStringEnumMemberName("snippet")] Snippet,

    /// <summary>Text and HTML too, encrypted.</summary>
    [JsonStringEnumMemberName("body")] Body,
}
