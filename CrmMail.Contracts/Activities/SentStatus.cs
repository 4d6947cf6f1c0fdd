using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>How far a sent mail came. Later members win over earlier ones, whatever the order in which the reports come.</summary>
public enum SentStatus
{
    /// <summary>In EmailEngine's outbox.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>A mail server accepted it (messageSent), or it lies in the Sent folder.</summary>
    [JsonStringEnumMemberName("sent")] Sent,

    /// <summary>EmailEngine gave up (messageFailed).</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>It came back from at least one recipient (messageBounce).</summary>
    [JsonStringEnumMemberName("bounced")] Bounced,
}
