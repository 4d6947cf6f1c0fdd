using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What became of a request to send a mail.</summary>
public enum OutboundState
{
    /// <summary>Stored; EmailEngine has not answered. A repeated request asks EmailEngine again with the same idempotency key.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>EmailEngine queued it: see its status in the activity.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>EmailEngine refused it for good.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected,

    /// <summary>Taken back from the outbox before it was sent.</summary>
    [JsonStringEnumMemberName("canceled")] Canceled,
}
